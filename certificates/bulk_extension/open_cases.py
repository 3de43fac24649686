"""Says what a policy extension does to open applications about its certificates, and does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate

from administration.parameters.book import ParameterBook
from certificates.enums import LegalState
from certificates.models import Certificate, CertificateItem, PolicyBatch, PolicyBatchRow
from common.dates import chinese_date, months_before
from workflow.business import business_of, businesses
from workflow.enums import CloseReason
from workflow.models import Application
from workflow.services.acting import close_overtaken

from .ends import concerned, new_end_of

ENDS = "办件终止，告知申请人"
KEEPS_OUT = "证书不纳入批次，由办件决定"
GOES_ON = "办件继续办理"
LEFT_TO_ITS_CASE = "延续申请正在办理，新的有效期止早于当天，由该申请决定"


@dataclass(frozen=True)
class OpenCases:
    """So many open applications of one kind have this fate."""

    title: str
    fate: str
    count: int


def needless_kinds() -> list[str]:
    return [business.kind for business in businesses() if business.is_needless_once_extended]


def fate_of(kind: str, batch: PolicyBatch, *, old_end: date, state: str, today: date) -> str:
    """An application for an extension ends where the new term is still to come. Otherwise it alone can save the certificate."""
    new_end = new_end_of(batch, old_end)
    if kind not in needless_kinds() or state == LegalState.SUSPENDED or new_end <= old_end:
        return GOES_ON
    return ENDS if new_end >= today else KEEPS_OUT


def items_of(certificates: Iterable[int] | QuerySet[Certificate]) -> QuerySet[CertificateItem]:
    """An application of an enterprise concerns all its certificates at once, and is left out: it goes on as it is."""
    return CertificateItem.objects.filter(is_open=True, certificate__in=certificates, application__person__isnull=False)


def open_cases(batch: PolicyBatch, *, today: date) -> list[OpenCases]:
    rows = items_of(concerned(batch)).order_by("application__kind", "certificate__ends_on")
    found: Counter[tuple[str, str]] = Counter()
    for kind, end, state in rows.values_list("application__kind", "certificate__ends_on", "certificate__legal_state"):
        found[business_of(kind).title, fate_of(kind, batch, old_end=end, state=state, today=today)] += 1
    return [OpenCases(title, fate, count) for (title, fate), count in found.items()]


def requests_to_extend(certificate_ids: Collection[int]) -> dict[int, int]:
    """Maps a certificate to the open application for its extension."""
    items = items_of(certificate_ids).filter(application__kind__in=needless_kinds())
    return {
        certificate: case for certificate, case in items.values_list("certificate_id", "application_id") if certificate
    }


def enterprises_of(case_ids: Iterable[int]) -> set[int]:
    """Answers both sides of these applications, which are locked before them."""
    sides = Application.objects.filter(pk__in=list(case_ids)).values_list("enterprise_id", "former_enterprise_id")
    return {pk for pair in sides for pk in pair if pk is not None}


def close_needless(
    batch: PolicyBatch, rows: Iterable[PolicyBatchRow], requests: Mapping[int, int], now: datetime
) -> None:
    """Ends the applications for what these rows have just granted. The caller holds their locks."""
    closing = [row for row in rows if row.certificate_id in requests]
    if not closing:
        return
    months = ParameterBook.load().integer("extension_window_months", localdate(now))
    words = {}
    for row in closing:
        row.closed_id = requests[row.certificate_id]
        end = row.certificate.ends_on
        words[row.closed_id] = (
            f"证书有效期已依据{batch.document_number}统一延续至{chinese_date(end)}，这次延续申请不再需要办理。"
            f"以后需要延续的，可自{chinese_date(months_before(end, months))}起申请。"
        )
    close_overtaken(words, reason=CloseReason.OVERTAKEN, comment=words, now=now)
