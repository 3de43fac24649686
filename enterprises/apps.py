"""The app of enterprises: register, login by CA key, business registry."""

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    verbose_name = "企业"
    default_auto_field = "django.db.models.BigAutoField"
