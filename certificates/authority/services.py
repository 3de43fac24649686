"""Writes decisions of the authority without an applicant (F30): suspension to withdrawal and their undoing, in sets.

Nothing is deleted: an overturned decision stays in the trail, a new event undoes it and the state is computed anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from administration.enums import NoticeKind
from administration.messages.services import OutgoingMessage, send
from administration.parameters.book import ParameterBook
from certificates.enums import AuthorityAction, LegalState
from certificates.facts.holdings import Holdings, load_holdings
from certificates.facts.locks import lock_certificates
from certificates.models import Certificate, CertificateEvent, CertificateTerm, TransferProof
from certificates.state.legal import follows, standing, state_from_events
from certificates.state.services import StateChange, change_states
from common.findings import Finding, Refused
from workflow.actors import Actor
from workflow.models import Bar
from workflow.services.locking import PartiesChanged

from .announcements import announce, source_of, withdraw_announcements
from .decisions import OPERATIONS, STATES, Decision, bars_of, content_findings, findings_of, own_certificates
from .permissions import why_not_overturn

T = TypeVar("T")

ANNOUNCED = {
    AuthorityAction.REVOKE: (NoticeKind.REVOCATION, "关于撤销{count}本安全生产考核合格证书的公告"),
    AuthorityAction.WITHDRAW: (NoticeKind.REVOCATION, "关于吊销{count}本安全生产考核合格证书的公告"),
    AuthorityAction.CANCEL: (NoticeKind.CANCELLATION, "关于注销{count}本安全生产考核合格证书的公告"),
}


def suspend(
    certificate_ids: Collection[int], *, document_number: str, reason: str, until: date | None, by: Actor, now: datetime
) -> list[CertificateEvent]:
    """Without `until` the suspension lasts until the authority restores the certificate.

    Open applications stay: their checks stop them, and their clocks run on.
    """
    decision = Decision(AuthorityAction.SUSPEND, document_number, reason, until=until)
    return decide(certificate_ids, decision, by=by, now=now)


def restore(
    certificate_ids: Collection[int], *, document_number: str, reason: str, by: Actor, now: datetime
) -> list[CertificateEvent]:
    """After its end date the certificate is restored as expired."""
    return decide(certificate_ids, Decision(AuthorityAction.RESTORE, document_number, reason), by=by, now=now)


def revoke(
    certificate_ids: Collection[int], *, document_number: str, reason: str, ground: str, by: Actor, now: datetime
) -> list[CertificateEvent]:
    """撤销: the certificate should not have been granted. False material and fraud bar the person from applying."""
    return decide(certificate_ids, Decision(AuthorityAction.REVOKE, document_number, reason, ground), by=by, now=now)


def withdraw(
    certificate_ids: Collection[int], *, document_number: str, reason: str, ground: str, by: Actor, now: datetime
) -> list[CertificateEvent]:
    """吊销 is a penalty. An accident bars the holder of an A or B from leading posts."""
    return decide(certificate_ids, Decision(AuthorityAction.WITHDRAW, document_number, reason, ground), by=by, now=now)


def cancel_by_office(
    certificate_ids: Collection[int], *, document_number: str, reason: str, ground: str, by: Actor, now: datetime
) -> list[CertificateEvent]:
    """The grounds are death and the like."""
    return decide(certificate_ids, Decision(AuthorityAction.CANCEL, document_number, reason, ground), by=by, now=now)


def undo_transfer_out(
    certificate_ids: Collection[int], *, document_number: str, reason: str, by: Actor, now: datetime
) -> list[CertificateEvent]:
    """The transfer was granted, but the other province did not take the certificate in.

    The proof becomes void; the state becomes what it would be without the transfer.
    """
    return decide(certificate_ids, Decision(AuthorityAction.UNDO_TRANSFER, document_number, reason), by=by, now=now)


def end_transfer(
    certificate_ids: Collection[int], *, document_number: str, reason: str, by: Actor, now: datetime
) -> list[CertificateEvent]:
    """The other province has taken the certificate in."""
    return decide(certificate_ids, Decision(AuthorityAction.END_TRANSFER, document_number, reason), by=by, now=now)


def decide(certificate_ids: Collection[int], decision: Decision, *, by: Actor, now: datetime) -> list[CertificateEvent]:
    """Decides on all certificates or on none. Raises `Refused` with every reason of every certificate.

    Answers the events of these certificates; those of additional A certificates that end with them are in the trail.
    """
    stripped = replace(decision, document_number=decision.document_number, reason=decision.reason.strip())
    return retried(lambda: _decide(certificate_ids, stripped, by, now))


def retried(attempt: Callable[[], T]) -> T:
    """Gives the locks back and takes them anew when a party changed between the unlocked read and the locks."""
    while True:
        try:
            with transaction.atomic():
                return attempt()
        except PartiesChanged:
            continue


def _decide(ids: Collection[int], decision: Decision, by: Actor, now: datetime) -> list[CertificateEvent]:
    today = localdate(now)
    certificates = lock_certificates(ids)
    facts = load_holdings({one.person_id for one in certificates}, on=today)
    _refuse_unless_all_found(ids, certificates)
    if reasons := findings_of(decision, certificates, by, on=today, in_grace=facts.in_grace):
        raise Refused(*reasons)
    changes = _changes(decision, certificates, facts)
    written = change_states(changes, by=by, now=now)
    bars = bars_of(decision, certificates, on=today, parameters=ParameterBook.load())
    own = [event for event in written if event.certificate_id in set(ids)]
    _write_bars(bars, own)
    if decision.action in ANNOUNCED:
        kind, title = ANNOUNCED[decision.action]
        announce(kind, title, written, by=by, now=now)
    if decision.action == AuthorityAction.UNDO_TRANSFER:
        _void_transfers([change.undoes_id for change in changes], now)
    _tell(own, decision.action, decision.summary, decision.document_number)
    return own


def _refuse_unless_all_found(ids: Collection[int], certificates: Sequence[Certificate]) -> None:
    if not certificates or len(certificates) < len(set(ids)):
        raise Refused(Finding("authority.unknown", "没有选择证书，或者证书不存在", "请返回证书查询重新选择。"))


def _changes(decision: Decision, certificates: Sequence[Certificate], facts: Holdings) -> list[StateChange]:
    trails = trails_of([one.pk for one in certificates])
    terms = terms_of([one.pk for one in certificates])
    answer = []
    for certificate in certificates:
        trail = trails[certificate.pk]
        undone = _transfer_in_force(trail) if decision.action == AuthorityAction.UNDO_TRANSFER else None
        planned = CertificateEvent(
            certificate=certificate,
            operation=OPERATIONS[decision.action],
            state_before=certificate.legal_state,
            state_after=STATES.get(decision.action, certificate.legal_state),
            undoes=undone,
        )
        state = STATES.get(decision.action) or state_from_events(
            [*trail, planned], terms[certificate.pk], facts.on, in_grace=certificate.pk in facts.in_grace
        )
        answer.append(
            StateChange(
                certificate_id=certificate.pk,
                state=state,
                operation=OPERATIONS[decision.action],
                summary=decision.summary,
                kind=decision.action,
                document_number=decision.document_number.strip(),
                undoes_id=undone.pk if undone else None,
                until=decision.until,
            )
        )
    return answer


def _transfer_in_force(trail: Sequence[CertificateEvent]) -> CertificateEvent | None:
    granted = [event for event in standing(trail) if event.state_after == LegalState.TRANSFERRING]
    return granted[-1] if granted else None


def trails_of(certificate_ids: Collection[int]) -> dict[int, list[CertificateEvent]]:
    trails: dict[int, list[CertificateEvent]] = {pk: [] for pk in certificate_ids}
    for event in CertificateEvent.objects.filter(certificate__in=trails).order_by("pk"):
        trails[event.certificate_id].append(event)
    return trails


def terms_of(certificate_ids: Collection[int]) -> dict[int, list[CertificateTerm]]:
    terms: dict[int, list[CertificateTerm]] = {pk: [] for pk in certificate_ids}
    for term in CertificateTerm.objects.filter(certificate__in=terms).order_by("pk"):
        terms[term.certificate_id].append(term)
    return terms


def _write_bars(bars: dict[int, Bar], events: Iterable[CertificateEvent]) -> None:
    for event in events:
        if event.certificate_id in bars:
            bars[event.certificate_id].cause = source_of(event)
    Bar.objects.bulk_create(bars.values())


def _void_transfers(event_ids: Iterable[int | None], now: datetime) -> None:
    events = list(CertificateEvent.objects.filter(pk__in=[pk for pk in event_ids if pk is not None]))
    TransferProof.objects.filter(event__in=events, undone_at__isnull=True).update(undone_at=now)
    withdraw_announcements(events, now=now)


def overturn(event_id: int, *, document_number: str, reason: str, by: Actor, now: datetime) -> list[CertificateEvent]:
    """Undoes an adverse decision by a new event, with its consequences: its notice lines, its bars, and the end of
    additional A certificates.

    Applications that it closed stay closed. Raises `Refused` and `CertificateEvent.DoesNotExist`.
    """
    return retried(lambda: _overturn(event_id, document_number.strip(), reason.strip(), by, now))


def _overturn(event_id: int, document_number: str, reason: str, by: Actor, now: datetime) -> list[CertificateEvent]:
    today = localdate(now)
    read = CertificateEvent.objects.get(pk=event_id)
    certificates = lock_certificates([read.certificate_id, *_additional_of(read.certificate_id)])
    trails, terms = trails_of([one.pk for one in certificates]), terms_of([one.pk for one in certificates])
    undone = {event.undoes_id for trail in trails.values() for event in trail}
    sentence = why_not_overturn(by, read, is_undone=read.pk in undone)
    reasons = [*own_certificates(certificates, by), *content_findings(document_number, reason)]
    if sentence is not None:
        reasons.insert(0, Finding("authority.not_overturnable", sentence))
    if reasons:
        raise Refused(*reasons)
    facts = load_holdings({one.person_id for one in certificates}, on=today)
    taken_back = [read, *_ended_with(read, trails, undone)]
    changes = [
        StateChange(
            certificate_id=event.certificate_id,
            state=state_from_events(
                [*trails[event.certificate_id], CertificateEvent(undoes=event)],
                terms[event.certificate_id],
                today,
                in_grace=event.certificate_id in facts.in_grace,
            ),
            operation=OPERATIONS[AuthorityAction.OVERTURN],
            summary=f"撤回“{AuthorityAction(read.kind).label}”决定（{read.document_number}）：{reason}",
            kind=AuthorityAction.OVERTURN,
            document_number=document_number,
            undoes_id=event.pk,
        )
        for event in taken_back
    ]
    written = change_states(changes, by=by, now=now)
    withdraw_announcements(taken_back, now=now)
    Bar.objects.filter(cause__in=[source_of(event) for event in taken_back], lifted_at__isnull=True).update(
        lifted_at=now
    )
    _tell(written, AuthorityAction.OVERTURN, reason, document_number)
    return written


def _additional_of(certificate_id: int) -> list[int]:
    return list(Certificate.objects.filter(additional_to=certificate_id).order_by("pk").values_list("pk", flat=True))


def _ended_with(
    decision: CertificateEvent, trails: dict[int, list[CertificateEvent]], undone: Collection[int | None]
) -> list[CertificateEvent]:
    """Answers the events by which additional A certificates ended in the same moment as the decision."""
    found: dict[int, list[CertificateEvent]] = defaultdict(list)
    for certificate_id, trail in trails.items():
        for event in trail:
            if certificate_id != decision.certificate_id and follows(event, decision) and event.pk not in undone:
                found[certificate_id].append(event)
    return [event for events in found.values() for event in events]


def _tell(events: Sequence[CertificateEvent], action: AuthorityAction, reason: str, document_number: str) -> None:
    """Sends a message to the holder and to the certificate's enterprise."""
    rows = Certificate.objects.select_related("person", "enterprise").in_bulk(
        [event.certificate_id for event in events]
    )
    posts = []
    for event in events:
        certificate = rows[event.certificate_id]
        title = f"{certificate.number}：主管部门作出“{action.label}”决定"
        body = f"文号：{document_number}。{reason}。法定状态：{LegalState(event.state_after).label}。"
        detail = reverse("certificates:detail", args=[certificate.pk])
        posts.append(OutgoingMessage(certificate.person.mailbox_id, title, body, detail))
        if certificate.enterprise is not None:
            staff = reverse("certificates:staff")
            posts.append(
                OutgoingMessage(certificate.enterprise.mailbox_id, title, f"{certificate.person.name}，{body}", staff)
            )
    send(posts)
