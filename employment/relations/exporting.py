"""Writes the people whom an enterprise employs as a workbook, as its list shows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction

from common.dates import chinese_date
from common.tabular.problem_file import write_guarded_workbook
from common.text.masking import mask_id_number
from employment.models import Employment
from workflow.actors import Actor
from workflow.services.auditing import audit_list_taken

from .selectors import narrowed, staff_of

TITLES = ("姓名", "身份证号码", "职务", "合同期起", "合同期止", "建立日期")
WIDTHS = (14, 24, 30, 16, 16, 16)


@transaction.atomic
def write_employments(wanted: dict[str, Any], *, today: date, is_full: bool, by: Actor) -> bytes:
    """`is_full` writes whole ID numbers; who took them, and how many, is audited either way."""
    found = narrowed(staff_of(by.enterprise_id or 0), wanted, today=today)
    people = list(found.order_by("-started_at", "-pk"))
    audit_list_taken("employment.export", by, count=len(people), full=is_full)
    return write_guarded_workbook(_rows(people, is_full), name="在聘人员", widths=WIDTHS)


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
