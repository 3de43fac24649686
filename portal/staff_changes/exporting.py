"""Writes what has changed as a workbook, and notes who took it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.timezone import localtime

from administration.audit.services import record_audits
from common.tabular.problem_file import neutralised
from common.tabular.text_workbook import write_text_workbook
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .changes import Change

TITLES = ("时间", "类别", "姓名", "内容")
WIDTHS = (20, 12, 14, 80)


@transaction.atomic
def write_changes(changes: Sequence[Change], *, by: Actor) -> bytes:
    rows = [(f"{localtime(one.at):%Y年%m月%d日 %H:%M}", one.kind.label, one.who, one.what) for one in changes]
    detail: dict[str, object] = {"count": len(rows), "acting_for": by.acting_for}
    about = [(Enterprise._meta.label_lower, by.enterprise_id or 0, detail)]
    record_audits("staff_changes.export", about, by=author_of(by))
    cells = [[neutralised(text) for text in row] for row in rows]
    return write_text_workbook([list(TITLES), *cells], name="变动记录", widths=WIDTHS)
