from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    name = "employment"
    verbose_name = "聘用关系"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.people import home_boxes as person_home
        from administration.nightly import register_nightly
        from employment.expiry.services import LABELS, run_contracts
        from employment.relations.services import dissolve_enterprises
        from enterprises.profile import home_boxes as enterprise_home
        from enterprises.register.dissolution import register_dissolve

        from . import businesses, home_boxes  # noqa: F401  registers them, once the models are ready

        register_nightly("contracts", "劳动合同到期", run_contracts, labels=LABELS)
        register_dissolve(dissolve_enterprises)
        person_home.register_box(home_boxes.person_box)
        enterprise_home.register_box(home_boxes.enterprise_box)
