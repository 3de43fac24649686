from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "exams"
    verbose_name = "考试"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.people.home_boxes import register_box
        from administration.imports import register_importer
        from administration.jobs import register_nightly

        from . import businesses, home, signals  # noqa: F401  registers them, once the models are ready
        from .imports import COLUMNS, KIND, TITLE, import_results
        from .nightly import LABELS, run_first_issues

        register_importer(KIND, TITLE, import_results, columns=COLUMNS, duties=("organise",))
        register_box(home.person_box)
        register_nightly("first_issues", "首次发证补办", run_first_issues, labels=LABELS)
