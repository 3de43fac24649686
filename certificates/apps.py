from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "证书"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import photo_sample
        from accounts.home import register_box
        from administration.imports import register_importer
        from administration.jobs import register_nightly
        from enterprises.home import register_box as register_enterprise_box
        from enterprises.home import register_task as register_enterprise_task

        from . import businesses, home, signals  # noqa: F401  registers them, once the models are ready
        from .legacy.columns import COLUMNS
        from .legacy.loading import import_legacy
        from .outside import COLUMNS as OUTSIDE_COLUMNS
        from .outside import KIND as OUTSIDE
        from .outside import import_outside
        from .services import nightly

        for name, title, work, labels in nightly.JOBS:
            register_nightly(name, title, work, labels=labels)
        register_importer("legacy", "历史证书数据", import_legacy, columns=COLUMNS, keeps_unknown_columns=True)
        register_importer(OUTSIDE, "外省证书登记", import_outside, columns=OUTSIDE_COLUMNS)
        register_box(home.person_box)
        photo_sample.register(home.photo_sample)
        register_enterprise_box(home.enterprise_box)
        register_enterprise_task(home.rename_waits)
