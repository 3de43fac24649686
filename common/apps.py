"""Declares the app that all apps share, and finds the modules that apps declare when Django is ready."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.forms import Field

from .forms import MISSING
from .registry import autodiscover

DISCOVERED = (
    "businesses",
    "exporting",
    "guide_topics",
    "home_boxes",
    "importing",
    "nightly",
    "person_facts",
    "receivers",
    "record_parts",
    "reversing",
    "tasks",
)
"""A module of this name in an app or in a room is found by itself, so that what it declares needs no entry elsewhere.
"""


SENTENCES = {
    "required": MISSING,
    "max_length": "最多 %(limit_value)d 字，现在 %(show_value)d 字，请缩短。",
    "min_length": "最少 %(limit_value)d 字，现在 %(show_value)d 字。",
    "max_value": "不能大于 %(limit_value)s。",
    "min_value": "不能小于 %(limit_value)s。",
    "null_characters_not_allowed": "文字中有无法保存的字符，请重新输入。",
}


class CommonConfig(AppConfig):
    name = "common"
    label = "base"

    def ready(self) -> None:
        from .operation import checks, limits  # noqa: PLC0415  settings first

        checks.log_warnings()
        connection_created.connect(limits.watch_new_connection, dispatch_uid="limits")
        # Django says 这个字段是必填项 and 确保该变量…, which are words of computing. Fields may still word it themselves.
        # This is set in the first app of ours, because the fields of forms that are imported below copy it.
        Field.default_error_messages |= SENTENCES
        for name in DISCOVERED:
            autodiscover(name)
