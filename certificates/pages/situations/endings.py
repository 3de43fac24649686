"""Says how and why a certificate has ended, by whose decision, and what may follow."""

from __future__ import annotations

from certificates.enums import AuthorityAction, LegalState
from certificates.models import Certificate, CertificateEvent
from certificates.state.display import StatusAnswer
from common.findings import Cure

from .reading import Known
from .situation import Situation

WORDS = {
    LegalState.REVOKED: "已被撤销",
    LegalState.CANCELLED: "已注销",
    LegalState.EXPIRED: "过期失效",
    LegalState.WITHDRAWN: "已被吊销",
    LegalState.OTHER: "已由主管部门终止",
}
BY_AUTHORITY = frozenset({LegalState.REVOKED, LegalState.WITHDRAWN})
AGAIN = "需要持证的，由受聘企业重新报名考核。"


def ended(one: Certificate, answer: StatusAnswer, known: Known, *, rank: int) -> Situation:
    event = known.endings.get(one.pk)
    application_id = event.application_id if event else None
    successor = known.merged.get(application_id) if application_id else None
    return Situation(
        certificate=one,
        answer=answer,
        tone="ended",
        rank=rank,
        title="已合并为" if successor else _how(one, event),
        sentence="" if successor else _why(one, event),
        act=_basis(one, event),
        successor=successor,
        ended_on=event.effective_on if event else None,
    )


def _how(one: Certificate, event: CertificateEvent | None) -> str:
    if one.legal_state == LegalState.VALID:
        return "已过有效期"
    is_own = event is not None and event.application is not None and event.application.person_id == one.person_id
    if is_own and one.legal_state == LegalState.CANCELLED:
        return "已由您申请注销"
    return WORDS.get(LegalState(one.legal_state), "已终止")


def _why(one: Certificate, event: CertificateEvent | None) -> str:
    state = LegalState(one.legal_state)
    if state in (LegalState.EXPIRED, LegalState.VALID):
        return f"有效期届满前没有申请延续。{AGAIN}"
    if event is None:
        return AGAIN
    decided = event.kind in AuthorityAction.values
    document = f"（文号 {event.document_number}）" if event.document_number else ""
    reason = f"{event.summary}{document}。" if event.summary else ""
    appeal = "不服的，可以依法申请行政复议或者提起行政诉讼。" if decided or state in BY_AUTHORITY else AGAIN
    return f"{reason}{appeal}"


def _basis(one: Certificate, event: CertificateEvent | None) -> Cure:
    """The holder's own application says most; otherwise the trail names decision and document."""
    case = event.application if event else None
    if case is not None and case.person_id == one.person_id:
        return Cure("查看依据", url_name="workflow:detail", kwargs={"number": case.number})
    return Cure("查看依据", url_name="certificates:detail", kwargs={"pk": one.pk})
