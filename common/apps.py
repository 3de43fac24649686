"""The app of what all apps share; it finds their declared modules when Django is ready."""

from django.apps import AppConfig
from django.forms import Field

from .registry import autodiscover

DISCOVERED = ("businesses", "home_boxes", "importing", "nightly", "receivers", "tasks")
"""A module of this name in an app or in a room of it is found by itself: what it declares needs no entry elsewhere."""


class CommonConfig(AppConfig):
    name = "common"
    label = "base"

    def ready(self) -> None:
        from . import checks  # noqa: PLC0415  settings first

        checks.log_warnings()
        # Django says 这个字段是必填项; nobody outside computing says 字段. Fields may still word it themselves.
        # Here, in the first app of ours: the fields of forms that are imported below copy it.
        Field.default_error_messages["required"] = "不能为空，请填写或选择。"
        for name in DISCOVERED:
            autodiscover(name)
