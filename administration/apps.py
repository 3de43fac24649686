"""Declares the app that every other app needs; it seeds its tables after each migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AdministrationConfig(AppConfig):
    name = "administration"
    verbose_name = "基础数据"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .seed import seed  # noqa: PLC0415  models load later

        post_migrate.connect(seed, sender=self, dispatch_uid="administration.seed")
