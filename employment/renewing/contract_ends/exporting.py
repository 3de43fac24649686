"""Writes the list of contract ends as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from administration.audit.services import record_audits
from common.dates import chinese_date
from common.tabular.problem_file import neutralised
from common.tabular.text_workbook import write_text_workbook
from common.text.masking import mask_id_number
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .selectors import EndRow, end_rows, with_ends

TITLES = ("姓名", "身份证号码", "职务", "合同期起", "合同期止", "还有几天", "续签")
WIDTHS = (14, 24, 30, 16, 16, 12, 24)


@transaction.atomic
def write_contract_ends(wanted: Mapping[str, Any], *, today: date, is_full: bool, by: Actor) -> bytes:
    """`is_full` writes whole ID numbers; who took them, and how many, is audited either way."""
    enterprise_id = by.enterprise_id or 0
    found = list(with_ends(enterprise_id, wanted, today=today).order_by("contract_to", "pk"))
    detail: dict[str, object] = {"count": len(found), "full": is_full, "acting_for": by.acting_for}
    about = [(Enterprise._meta.label_lower, enterprise_id, detail)]
    record_audits("employment.export_contract_ends", about, by=author_of(by))
    rows = ([neutralised(text) for text in row] for row in _rows(end_rows(found, today=today), is_full))
    return write_text_workbook([list(TITLES), *rows], name="合同到期", widths=WIDTHS)


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
