from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "证书"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.people.home_boxes import register_box
        from accounts.photo import sample
        from administration.imports.services import register_importer
        from administration.nightly import register_nightly
        from certificates.legacy.importing import import_legacy
        from certificates.out_of_province.register_import import COLUMNS as OUTSIDE_COLUMNS
        from certificates.out_of_province.register_import import KIND as OUTSIDE
        from certificates.out_of_province.register_import import import_outside
        from enterprises.profile.home_boxes import register_box as register_enterprise_box
        from enterprises.profile.home_boxes import register_task as register_enterprise_task

        from . import nightly
        from .legacy.columns import COLUMNS
        from .pages import home_boxes

        for name, title, work, labels in nightly.JOBS:
            register_nightly(name, title, work, labels=labels)
        register_importer("legacy", "历史证书数据", import_legacy, columns=COLUMNS, keeps_unknown_columns=True)
        register_importer(OUTSIDE, "外省证书登记", import_outside, columns=OUTSIDE_COLUMNS)
        register_box(home_boxes.person_box)
        sample.register(home_boxes.photo_sample)
        register_enterprise_box(home_boxes.enterprise_box)
        register_enterprise_task(home_boxes.rename_waits)
