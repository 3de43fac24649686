"""Declares the app of continuing education."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "继续教育"
    default_auto_field = "django.db.models.BigAutoField"
