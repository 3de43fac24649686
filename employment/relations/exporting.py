"""Writes the people whom an enterprise employs as a workbook, as its list shows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction

from administration.audit.services import record_audits
from common.dates import chinese_date
from common.tabular.problem_file import neutralised
from common.tabular.text_workbook import write_text_workbook
from common.text.masking import mask_id_number
from employment.models import Employment
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .selectors import narrowed, staff_of

TITLES = ("姓名", "身份证号码", "职务", "合同期起", "合同期止", "建立日期")
WIDTHS = (14, 24, 30, 16, 16, 16)


@transaction.atomic
def write_employments(wanted: dict[str, Any], *, today: date, is_full: bool, by: Actor) -> bytes:
    """`is_full` writes whole ID numbers; who took them, and how many, is audited either way."""
    enterprise_id = by.enterprise_id or 0
    found = narrowed(staff_of(enterprise_id), wanted, today=today)
    people = list(found.order_by("-started_at", "-pk"))
    detail: dict[str, object] = {"count": len(people), "full": is_full, "acting_for": by.acting_for}
    record_audits("employment.export", [(Enterprise._meta.label_lower, enterprise_id, detail)], by=author_of(by))
    rows = ([neutralised(text) for text in row] for row in _rows(people, is_full))
    return write_text_workbook(rows, name="在聘人员", widths=WIDTHS)


def _rows(people: list[Employment], is_full: bool) -> Iterator[tuple[str, ...]]:
    yield TITLES
    for job in people:
        number = job.person.id_number
        yield (
            job.person.name,
            number if is_full else mask_id_number(number),
            job.post_labels,
            chinese_date(job.contract_from),
            chinese_date(job.contract_to) if job.contract_to else "无固定期限",
            chinese_date(job.started_at),
        )
