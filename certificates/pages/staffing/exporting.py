"""Writes what the board shows as a workbook: every certificate that the filters leave, and employees without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from common.dates import chinese_date
from common.tabular.problem_file import write_guarded_workbook
from common.text.masking import mask_id_number
from workflow.actors import Actor
from workflow.services.auditing import audit_list_taken

from .board import Board, Line

TITLES = (
    "姓名",
    "身份证号码",
    "职务",
    "合同期止",
    "证书编号",
    "类别",
    "证书上的企业",
    "有效期至",
    "状态",
    "还要办什么",
)
WIDTHS = (14, 24, 26, 16, 28, 30, 34, 16, 12, 60)


@transaction.atomic
def write_staff(board: Board, wanted: dict[str, Any], *, is_full: bool, by: Actor) -> bytes:
    """`is_full` writes whole ID numbers of people employed here; who took them, and how many, is audited either way."""
    lines = board.lines(list(board.certificates(wanted).order_by("ends_on", "pk")))
    if wanted.get("state") == "none" or not (wanted.get("state") or wanted.get("category")):
        lines += board.lines_without(list(board.people_without(wanted).order_by("name", "pk")))
    audit_list_taken("staff.export", by, count=len(lines), full=is_full)
    return write_guarded_workbook(_rows(lines, is_full), name="人员与证书", widths=WIDTHS)


def _rows(lines: list[Line], is_full: bool) -> Iterator[tuple[str, ...]]:
    yield TITLES
    for line in lines:
        job, certificate, number = line.employment, line.certificate, line.person.id_number
        yield (
            line.person.name,
            number if is_full and job is not None else mask_id_number(number),
            job.post_labels if job else "不在聘",
            chinese_date(job.contract_to) if job and job.contract_to else "无固定期限" if job else "",
            certificate.number if certificate else "没有证书",
            certificate.get_category_display() if certificate else "",
            certificate.enterprise_name if certificate else "",
            chinese_date(certificate.ends_on) if certificate else "",
            certificate.get_display_status_display() if certificate else "",
            "；".join(f"{step.words}（{step.detail}）" if step.detail else step.words for step in line.steps),
        )
