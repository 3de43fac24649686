"""Lists every certificate of a policy extension: what is to become of it, and once it runs what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from certificates.enums import PolicyOutcome, PolicyState
from certificates.models import Certificate, CertificateItem, PolicyBatch, PolicyBatchRow
from common.dates import chinese_date
from common.text.masking import mask_name
from common.web.paging import PAGE_SIZE, KeysetPage, paginate
from workflow.business import business_of

from .ends import concerned, new_end_of
from .open_cases import KEEPS_OUT, LEFT_TO_ITS_CASE, fate_of, items_of
from .services import refusal_of

BEFORE = (PolicyState.DRAFT, PolicyState.AWAITING)
CASES, CHANGED, LEFT = "cases", "changed", "left"
CHOICES_BEFORE = (("", "全部证书"), (CASES, "有在办申请的"))
CHOICES_AFTER = (("", "全部证书"), (CHANGED, "有效期改变的"), (LEFT, "未延续、未能撤回的"), (CASES, "因此终止办件的"))
TITLES = (
    "证书编号", "姓名", "证书所在单位", "证书类别", "原有效期止", "新有效期止", "结果", "原因", "在办申请", "对申请的影响",
)  # fmt: skip
OF_CHOICE = {
    CHANGED: (PolicyOutcome.EXTENDED, PolicyOutcome.REVERSED),
    LEFT: (PolicyOutcome.REFUSED, PolicyOutcome.KEPT),
}


@dataclass(frozen=True)
class Line:
    """`new_end` is None where the end stays as it is; `case` is the number of an application, and `fate` what becomes of it."""

    certificate: Certificate
    old_end: date
    new_end: date | None
    result: str
    reason: str = ""
    kind: str = ""
    case: str = ""
    fate: str = ""

    @property
    def case_in_words(self) -> str:
        return f"{self.kind} {self.case}" if self.case else ""


def is_before(batch: PolicyBatch) -> bool:
    return batch.state in BEFORE


def count_of(batch: PolicyBatch) -> int:
    """Answers how many lines the full list has; once the batch runs, after its last chunk."""
    return concerned(batch).count() if is_before(batch) else sum(batch.counts.values())


def choices_of(batch: PolicyBatch) -> Sequence[tuple[str, str]]:
    return CHOICES_BEFORE if is_before(batch) else CHOICES_AFTER


def page_of(
    batch: PolicyBatch, only: str, cursor: str | None, size: int = PAGE_SIZE
) -> KeysetPage[Certificate] | KeysetPage[PolicyBatchRow]:
    """Answers one page of what the batch is to extend, or of what it has done."""
    if is_before(batch):
        return _certificates(batch, only, cursor, size)
    rows, branches = PolicyBatchRow.objects.filter(batch=batch), [Q(outcome=one) for one in OF_CHOICE.get(only, ())]
    if only == CASES:
        rows = rows.filter(closed__isnull=False)
    rows = rows.select_related("certificate__person", "term", "closed")
    return paginate(rows, order=("id",), cursor=cursor, size=size, branches=branches)


def lines_of(batch: PolicyBatch, items: Sequence[Any], today: date) -> list[Line]:
    """Answers the lines of what stands on a page (`page_of`)."""
    return _planned(batch, items, today) if is_before(batch) else [_after(row) for row in items]


def _certificates(batch: PolicyBatch, only: str, cursor: str | None, size: int) -> KeysetPage[Certificate]:
    rows: QuerySet[Certificate] = concerned(batch).select_related("person")
    if only == CASES:
        open_items = CertificateItem.objects.filter(
            is_open=True, certificate=OuterRef("pk"), application__person__isnull=False
        )
        rows = rows.filter(Exists(open_items))
    return paginate(rows, order=("ends_on",), cursor=cursor, size=size)


def _planned(batch: PolicyBatch, certificates: Sequence[Certificate], today: date) -> list[Line]:
    items = {
        item.certificate_id: item for item in items_of([one.pk for one in certificates]).select_related("application")
    }
    lines = []
    for certificate in certificates:
        kind = case = fate = ""
        if item := items.get(certificate.pk):
            kind, case = business_of(item.application.kind).title, item.application.number
            fate = fate_of(
                item.application.kind, batch, old_end=certificate.ends_on, state=certificate.legal_state, today=today
            )
        refusal = LEFT_TO_ITS_CASE if fate == KEEPS_OUT else refusal_of(certificate, batch)
        new_end = None if refusal else new_end_of(batch, certificate.ends_on)
        result = "不延续" if refusal else "将延续"
        lines.append(Line(certificate, certificate.ends_on, new_end, result, refusal, kind, case, fate))
    return lines


def _after(row: PolicyBatchRow) -> Line:
    new_end = row.term.ends_on if row.term and row.outcome in (PolicyOutcome.EXTENDED, PolicyOutcome.KEPT) else None
    case = row.closed
    return Line(
        row.certificate,
        row.old_end,
        new_end,
        row.get_outcome_display(),
        row.refusal,
        business_of(case.kind).title if case else "",
        case.number if case else "",
        "已终止，告知申请人" if case else "",
    )


def texts_of(line: Line) -> list[str]:
    """Answers the line of a table to save, with the name masked."""
    certificate = line.certificate
    return [
        certificate.number,
        mask_name(certificate.person.name),
        certificate.enterprise_name,
        certificate.get_category_display(),
        chinese_date(line.old_end),
        chinese_date(line.new_end) if line.new_end else "",
        line.result,
        line.reason,
        line.case_in_words,
        line.fate,
    ]
