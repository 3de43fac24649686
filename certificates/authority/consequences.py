"""Says what may be decided on a certificate now, and what a decision of the authority would bring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from administration.parameters.book import ParameterBook
from certificates.enums import IN_FORCE_STATES, AuthorityAction, LegalState
from certificates.facts.holdings import Holdings, load_holdings
from certificates.models import Certificate, CertificateEvent
from certificates.state.legal import follows, standing, state_from_events
from certificates.state.services import ENDINGS
from common.dates import chinese_date
from workflow.actors import Actor
from workflow.business import UnknownBusiness, business_of
from workflow.models import Application, Bar
from workflow.selectors.bars import bars_in_force, in_words, longest

from .announcements import source_of
from .decisions import Decision, bars_of
from .locked import trails_of
from .measures import ADVERSE, MEASURES
from .permissions import decides, why_not, why_not_overturn
from .suspensions import suspension_in_force


@dataclass(frozen=True)
class Possible:
    """Holds one decision: it is a button, or the sentence that says why it is not possible."""

    action: AuthorityAction
    label: str
    why_not: str | None


@dataclass(frozen=True)
class Panel:
    """主管部门处理: the panel is part of the office's page of one certificate.

    `overturnable` lists the adverse decisions that stand, newest first. `is_overdue` means that the last day of the
    suspension, `suspended_until`, has passed: the next night restores the certificate. `bars` are shown to every
    reader.
    """

    possible: Sequence[Possible]
    overturnable: Sequence[CertificateEvent]
    suspended_until: date | None
    is_overdue: bool
    bars: Sequence[str]
    decides: bool


def panel_of(certificate: Certificate, actor: Actor, *, today: date) -> Panel:
    trail = trails_of([certificate.pk])[certificate.pk]
    in_force = standing(trail)
    undone = {event.undoes_id for event in trail}
    suspension = suspension_in_force(certificate, trail)
    until = suspension.until if suspension else None
    own_bars = longest(bars_in_force([certificate.person_id], on=today).get(certificate.person_id, []))
    return Panel(
        possible=[
            Possible(action, measure.button or str(action.label), why_not(actor, action, certificate))
            for action, measure in MEASURES.items()
        ],
        overturnable=[
            event
            for event in reversed(in_force)
            if event.kind in ADVERSE and why_not_overturn(actor, event, is_undone=event.pk in undone) is None
        ],
        suspended_until=until,
        is_overdue=until is not None and until < today,
        bars=[f"{in_words(bar)}。{bar.source}（{bar.document_number or '无文号'}）" for bar in own_bars],
        decides=decides(actor),
    )


def consequences_of(certificate: Certificate, decision: Decision, *, today: date) -> list[str]:
    """Answers sentences for the page that asks for confirmation."""
    facts = load_holdings({certificate.person_id}, on=today)
    state = MEASURES[decision.action].state or _state_without(certificate, decision, facts)
    return [
        f"法定状态由“{LegalState(certificate.legal_state).label}”变为“{state.label}”，公开查询和二维码页面立即显示。",
        *_applications(certificate, state, facts.open_applications.get(certificate.pk)),
        *_additional(certificate, state, facts),
        *_bars(certificate, decision, today),
        *_public(decision),
        "持证人和证书所在单位会收到消息。",
    ]


def overturning_of(event: CertificateEvent, *, today: date) -> list[str]:
    certificate = event.certificate
    facts = load_holdings({certificate.person_id}, on=today)
    additional = [one.pk for one in _additional_of(certificate, facts)]
    trails = trails_of([certificate.pk, *additional])
    state = _computed(certificate, [*trails[certificate.pk], CertificateEvent(undoes=event)], facts)
    back = [
        facts.certificates[pk].number for pk in additional if any(follows(one, event) for one in standing(trails[pk]))
    ]
    lifted = Bar.objects.filter(cause=source_of(event), lifted_at__isnull=True)
    sentences = [
        f"法定状态按其余轨迹和有效期重新计算，由“{LegalState(certificate.legal_state).label}”变为“{state.label}”。",
        "原决定保留在证书轨迹中，并注明已经撤回；公告中的对应内容会划去并注明“已撤回”。",
    ]
    sentences += [f"依附的增发A证{number}同时恢复。" for number in back]
    sentences += [f"解除限制：{in_words(bar)}。" for bar in lifted.order_by("pk")]
    return [*sentences, "因原决定终止的办件不会恢复，需要的请本人重新申请。", "持证人和证书所在单位会收到消息。"]


def _state_without(certificate: Certificate, decision: Decision, facts: Holdings) -> LegalState:
    """Answers the state of a certificate after a restoration or an undone transfer."""
    trail = standing(trails_of([certificate.pk])[certificate.pk])
    kept = [event for event in trail if event.state_after != certificate.legal_state]
    return _computed(certificate, kept, facts)


def _computed(certificate: Certificate, events: Sequence[CertificateEvent], facts: Holdings) -> LegalState:
    terms = list(certificate.terms.order_by("pk"))
    return state_from_events(events, terms, facts.on, in_grace=certificate.pk in facts.in_grace)


def _applications(certificate: Certificate, state: LegalState, application: Application | None) -> Iterator[str]:
    if application is None:
        return
    try:
        title = business_of(application.kind).title
    except UnknownBusiness:
        title = "办件"
    if state in ENDINGS and application.person_id is not None:
        yield f"在办的{title}（{application.number}）随之终止，并把原因告知申请人。"
    elif state == LegalState.SUSPENDED:
        yield f"在办的{title}（{application.number}）保留，暂扣期间不能通过，办理期限照常计算。"


def _additional_of(certificate: Certificate, facts: Holdings) -> list[Certificate]:
    return [one for one in facts.of_person(certificate.person_id) if one.additional_to_id == certificate.pk]


def _additional(certificate: Certificate, state: LegalState, facts: Holdings) -> Iterator[str]:
    if state not in ENDINGS:
        return
    for one in _additional_of(certificate, facts):
        if one.legal_state in IN_FORCE_STATES:
            yield f"依附的增发A证{one.number}（{one.enterprise_name}）同时注销。"


def _bars(certificate: Certificate, decision: Decision, today: date) -> Iterator[str]:
    bars = bars_of(decision, [certificate], on=today, parameters=ParameterBook.load())
    for bar in bars.values():
        yield f"持证人{in_words(bar)}。"


def _public(decision: Decision) -> Iterator[str]:
    if MEASURES[decision.action].notice is not None:
        yield "在公告栏公告，姓名作遮盖处理。"
    if MEASURES[decision.action].voids_transfer:
        yield "已出具的调出证明作废，扫码显示“调出已取消”；调出公告中的对应内容会划去。"
    if decision.until is not None:
        yield f"暂扣至{chinese_date(decision.until)}，期满次日系统自动发还，提前解除的在本页办理。"
