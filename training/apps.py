from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "继续教育"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from administration.imports.services import register_importer

        from .importing import COLUMNS, import_training  # once the models are ready

        register_importer("training", "继续教育记录", import_training, columns=COLUMNS, duties=("registry", "training"))
