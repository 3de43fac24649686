"""Declares the app of applications and their way through the desks; it seeds its tables after each migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = "业务办理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .seed import seed  # noqa: PLC0415  models load later

        post_migrate.connect(seed, sender=self, dispatch_uid="workflow.seed")
