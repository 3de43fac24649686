"""Declares the app of people, logins and verification."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "人员与用户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Here, when models can be loaded: a wrong model file must stop the start, not the first verification.
        from django.contrib.auth.signals import user_login_failed  # noqa: PLC0415  models load later

        from accounts.access.audit import note_failed_login  # noqa: PLC0415  models load later

        from .faces.model_files import check_models  # noqa: PLC0415  models load later

        check_models()
        user_login_failed.connect(note_failed_login, dispatch_uid="accounts.note_failed_login")
