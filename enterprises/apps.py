from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    verbose_name = "企业"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from administration.imports import register_importer

        from . import imports  # once the models are ready

        register_importer("enterprises", "企业", imports.import_enterprises, columns=imports.ENTERPRISE_COLUMNS)
        register_importer("projects", "在建项目", imports.import_projects, columns=imports.PROJECT_COLUMNS)
        register_importer(
            "constructors", "注册建造师", imports.import_constructors, columns=imports.CONSTRUCTOR_COLUMNS
        )
