"""Writes the list of contract ends as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from common.dates import chinese_date
from common.tabular.problem_file import write_guarded_workbook
from common.text.masking import mask_id_number
from workflow.actors import Actor
from workflow.services.auditing import audit_list_taken

from .selectors import EndRow, end_rows, with_ends

TITLES = ("姓名", "身份证号码", "职务", "合同期起", "合同期止", "还有几天", "续签")
WIDTHS = (14, 24, 30, 16, 16, 12, 24)


@transaction.atomic
def write_contract_ends(wanted: Mapping[str, Any], *, today: date, is_full: bool, by: Actor) -> bytes:
    """`is_full` writes whole ID numbers; who took them, and how many, is audited either way."""
    found = list(with_ends(by.enterprise_id or 0, wanted, today=today).order_by("contract_to", "pk"))
    audit_list_taken("employment.export_contract_ends", by, count=len(found), full=is_full)
    rows = _rows(end_rows(found, today=today), is_full)
    return write_guarded_workbook([TITLES, *rows], name="合同到期", widths=WIDTHS)


def _rows(rows: list[EndRow], is_full: bool) -> Iterator[tuple[str, ...]]:
    for row in rows:
        job = row.employment
        yield (
            job.person.name,
            job.person.id_number if is_full else mask_id_number(job.person.id_number),
            job.post_labels,
            chinese_date(job.contract_from),
            chinese_date(job.contract_to) if job.contract_to else "",
            str(row.days_left),
            row.state,
        )
