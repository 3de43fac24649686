"""Declares the app of employment relations."""

from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    name = "employment"
    verbose_name = "聘用关系"
    default_auto_field = "django.db.models.BigAutoField"
