"""Declares the app that all apps share, and finds the modules that apps declare when Django is ready."""

from django.apps import AppConfig
from django.forms import Field

from .registry import autodiscover

DISCOVERED = ("businesses", "home_boxes", "importing", "nightly", "receivers", "record_parts", "reversing", "tasks")
"""A module of this name in an app or in a room is found by itself, so that what it declares needs no entry elsewhere.
"""


class CommonConfig(AppConfig):
    name = "common"
    label = "base"

    def ready(self) -> None:
        from .operation import checks  # noqa: PLC0415  settings first

        checks.log_warnings()
        # Django says 这个字段是必填项, but outside computing nobody says 字段. Fields may still word it themselves.
        # This is set in the first app of ours, because the fields of forms that are imported below copy it.
        Field.default_error_messages["required"] = "不能为空，请填写或选择。"
        for name in DISCOVERED:
            autodiscover(name)
