"""Writes what has changed as a workbook, and notes who took it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.timezone import localtime

from common.tabular.problem_file import write_guarded_workbook
from workflow.actors import Actor
from workflow.services.auditing import audit_list_taken

from .changes import Change

TITLES = ("时间", "类别", "姓名", "内容")
WIDTHS = (20, 12, 14, 80)


@transaction.atomic
def write_changes(changes: Sequence[Change], *, by: Actor) -> bytes:
    rows = [(f"{localtime(one.at):%Y年%m月%d日 %H:%M}", one.kind.label, one.who, one.what) for one in changes]
    audit_list_taken("staff_changes.export", by, count=len(rows))
    return write_guarded_workbook([TITLES, *rows], name="变动记录", widths=WIDTHS)
