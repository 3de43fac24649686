"""Declares the app of applications and their way through the desks."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = "业务办理"
    default_auto_field = "django.db.models.BigAutoField"
