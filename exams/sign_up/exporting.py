"""Writes the entries of an enterprise as a workbook, as its list shows them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from common.dates import chinese_date
from common.tabular.problem_file import write_guarded_workbook
from common.text.masking import mask_id_number
from employment.models import Employment
from exams.models import ExamEntry
from workflow.actors import Actor
from workflow.selectors.bars import bars_caused_by
from workflow.services.auditing import audit_list_taken

TITLES = (
    "姓名", "身份证号码", "证书类别", "职务", "考试批次", "考试日期", "报名时间", "状态", "审核意见", "知识考核", "能力考核",
    "取得的证书", "禁考",
)  # fmt: skip
WIDTHS = (14, 24, 10, 24, 36, 16, 16, 14, 36, 10, 10, 26, 36)
MOST = 20_000
"""Rows of one file, the latest entries first."""


@transaction.atomic
def write_entries(found: QuerySet[ExamEntry], *, is_full: bool, by: Actor) -> bytes:
    """`is_full` writes whole ID numbers of people employed here now; who took them, and how many, is audited."""
    entries = list(found.order_by("-pk")[:MOST])
    audit_list_taken("exam_entry.export", by, count=len(entries), full=is_full)
    ours = Employment.objects.active().filter(enterprise_id=by.enterprise_id or 0).order_by()
    own = set(ours.values_list("person_id", flat=True)) if is_full else set[int]()
    return write_guarded_workbook(_rows(entries, own), name="报名情况", widths=WIDTHS)


def _rows(entries: list[ExamEntry], own: set[int]) -> Iterator[tuple[str, ...]]:
    yield TITLES
    bars = bars_caused_by([f"exam_entry:{entry.pk}" for entry in entries])
    for entry in entries:
        number = entry.person.id_number
        yield (
            entry.person.name,
            number if entry.person_id in own else mask_id_number(number),
            entry.category,
            entry.get_post_display(),
            entry.batch.name,
            chinese_date(entry.batch.exam_from),
            chinese_date(entry.entered_at),
            entry.get_state_display(),
            entry.comment,
            "" if entry.knowledge_score is None else str(entry.knowledge_score),
            "" if entry.ability_score is None else str(entry.ability_score),
            entry.certificate.number if entry.certificate else "",
            str(bars.get(f"exam_entry:{entry.pk}", "")),
        )
