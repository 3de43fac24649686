from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AdministrationConfig(AppConfig):
    name = "administration"
    verbose_name = "基础数据"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from administration.audit.chain import run_verification  # models are ready only now
        from administration.imports.services import register_importer
        from administration.offices.importing import COLUMNS, KIND, TITLE, import_offices

        from .nightly import register_nightly
        from .seed import seed

        labels = {"linked": "连入链条", "verified": "核验"}
        register_nightly("audit_chain", "审计链核验", run_verification, labels=labels)
        # Nobody uploads them: they are imported on the server, and changed one by one in the registry.
        register_importer(KIND, TITLE, import_offices, columns=COLUMNS, duties=())
        post_migrate.connect(seed, sender=self, dispatch_uid="administration.seed")
