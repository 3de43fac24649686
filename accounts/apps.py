from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "人员与用户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Here, when models can be loaded: a wrong model file must stop the start, not the first verification.
        from django.contrib.auth.signals import user_login_failed

        from accounts.access.audit import note_failed_login

        from .faces import check_models

        check_models()
        user_login_failed.connect(note_failed_login, dispatch_uid="accounts.note_failed_login")
