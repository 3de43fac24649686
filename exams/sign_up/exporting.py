"""Writes the entries of an enterprise as a workbook, as its list shows them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from administration.audit.services import record_audits
from common.dates import chinese_date
from common.tabular.problem_file import neutralised
from common.tabular.text_workbook import write_text_workbook
from common.text.masking import mask_id_number
from employment.models import Employment
from enterprises.models import Enterprise
from exams.models import ExamEntry
from workflow.actors import Actor
from workflow.selectors.bars import bars_caused_by
from workflow.services.auditing import author_of

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
    enterprise_id = by.enterprise_id or 0
    detail: dict[str, object] = {"count": len(entries), "full": is_full, "acting_for": by.acting_for}
    record_audits("exam_entry.export", [(Enterprise._meta.label_lower, enterprise_id, detail)], by=author_of(by))
    ours = Employment.objects.active().filter(enterprise_id=enterprise_id).order_by()
    own = set(ours.values_list("person_id", flat=True)) if is_full else set[int]()
    rows = ([neutralised(text) for text in row] for row in _rows(entries, own))
    return write_text_workbook(rows, name="报名情况", widths=WIDTHS)


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
