"""Declares the app of enterprises: their register, the login by CA key, and the business registry."""

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    verbose_name = "企业"
    default_auto_field = "django.db.models.BigAutoField"
