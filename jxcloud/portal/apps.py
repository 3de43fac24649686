from django.apps import AppConfig
from django.forms import Field


class PortalConfig(AppConfig):
    name = "jxcloud.portal"
    label = "portal"

    def ready(self) -> None:
        from .counts import register_counts  # once the models are ready

        register_counts()
        # Django says 这个字段是必填项; nobody outside computing says 字段. Fields may still word it themselves.
        Field.default_error_messages["required"] = "不能为空，请填写或选择。"
