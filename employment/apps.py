from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    name = "employment"
    verbose_name = "聘用关系"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from enterprises.hooks import register_dissolve

        from . import businesses  # noqa: F401  registers them, once the models are ready
        from .services import dissolve_enterprises

        register_dissolve(dissolve_enterprises)
