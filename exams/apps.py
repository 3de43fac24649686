from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "exams"
    verbose_name = "考试"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.people.home_boxes import register_box
        from administration.imports.services import register_importer
        from administration.nightly import register_nightly
        from exams.first_issue.nightly import LABELS, run_first_issues
        from exams.results.importing import COLUMNS, KIND, TITLE, import_results

        from . import businesses, home_boxes, receivers  # noqa: F401  registers them, once the models are ready

        register_importer(KIND, TITLE, import_results, columns=COLUMNS, duties=("organise",))
        register_box(home_boxes.person_box)
        register_nightly("first_issues", "首次发证补办", run_first_issues, labels=LABELS)
