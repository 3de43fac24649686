from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = "业务办理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from administration.nightly import register_nightly
        from workflow.services.deadlines import run_nightly_silence

        from . import home_boxes  # once the models are ready

        home_boxes.register()
        labels = {"lapsed": "逾期终止", "escalated": "转办", "unanswered": "视为撤回", "deemed_accepted": "视为受理"}
        register_nightly("silence", "逾期未处理的办件", run_nightly_silence, labels=labels)
