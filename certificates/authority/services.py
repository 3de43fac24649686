"""Writes decisions of the authority without an applicant (F30): suspension to withdrawal and their undoing, in sets.

Nothing is deleted: an overturned decision stays in the trail, a new event undoes it and the state is computed anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.urls import reverse
from django.utils.timezone import localdate

from administration.messages.services import OutgoingMessage, send
from administration.parameters.book import ParameterBook
from certificates.enums import IN_FORCE_STATES, AuthorityAction, LegalState, Operation
from certificates.models import Certificate, CertificateEvent, TransferProof
from certificates.state.legal import follows, standing
from certificates.state.services import StateChange, change_states
from common.findings import Finding, Refused
from workflow.actors import Actor
from workflow.models import Bar
from workflow.services.locking import retried

from .announcements import announce, source_of, withdraw_announcements
from .decisions import Decision, bars_of, content_findings, findings_of, holder_has_died, own_certificates
from .locked import Locked, locked
from .measures import MEASURES, Measure
from .permissions import why_not_overturn


class Said(TypedDict):
    """Every decision says this much."""

    document_number: str
    reason: str
    by: Actor
    now: datetime


class SaidWithGround(Said):
    ground: str


def suspend(ids: Collection[int], *, until: date | None, **said: Unpack[Said]) -> list[CertificateEvent]:
    """Without `until` the suspension lasts until the authority restores the certificate.

    Open applications stay: their checks stop them, and their clocks run on.
    """
    return _take(AuthorityAction.SUSPEND, ids, until=until, **said)


def restore(ids: Collection[int], **said: Unpack[Said]) -> list[CertificateEvent]:
    """After its end date the certificate is restored as expired."""
    return _take(AuthorityAction.RESTORE, ids, **said)


def revoke(ids: Collection[int], **said: Unpack[SaidWithGround]) -> list[CertificateEvent]:
    """撤销: the certificate should not have been granted. False material and fraud bar the person from applying."""
    return _take(AuthorityAction.REVOKE, ids, **said)


def withdraw(ids: Collection[int], **said: Unpack[SaidWithGround]) -> list[CertificateEvent]:
    """吊销 is a penalty. An accident bars the holder of an A or B from leading posts."""
    return _take(AuthorityAction.WITHDRAW, ids, **said)


def cancel_by_office(ids: Collection[int], **said: Unpack[SaidWithGround]) -> list[CertificateEvent]:
    """The grounds are death and the like."""
    return _take(AuthorityAction.CANCEL, ids, **said)


def undo_transfer_out(ids: Collection[int], **said: Unpack[Said]) -> list[CertificateEvent]:
    """The transfer was granted, but the other province did not take the certificate in.

    The proof becomes void; the state becomes what it would be without the transfer.
    """
    return _take(AuthorityAction.UNDO_TRANSFER, ids, **said)


def end_transfer(ids: Collection[int], **said: Unpack[Said]) -> list[CertificateEvent]:
    """The other province has taken the certificate in."""
    return _take(AuthorityAction.END_TRANSFER, ids, **said)


def _take(
    action: AuthorityAction,
    ids: Collection[int],
    *,
    document_number: str,
    reason: str,
    by: Actor,
    now: datetime,
    ground: str = "",
    until: date | None = None,
) -> list[CertificateEvent]:
    return decide(ids, Decision(action, document_number, reason, ground, until), by=by, now=now)


def decide(certificate_ids: Collection[int], decision: Decision, *, by: Actor, now: datetime) -> list[CertificateEvent]:
    """Decides on all certificates or on none. Raises `Refused` with every reason of every certificate.

    Answers the events of these certificates; those of additional A certificates that end with them are in the trail.
    """
    stripped = replace(decision, reason=decision.reason.strip())
    return retried(lambda: _decide(certificate_ids, stripped, by, now))


def _decide(ids: Collection[int], decision: Decision, by: Actor, now: datetime) -> list[CertificateEvent]:
    today, measure = localdate(now), MEASURES[decision.action]
    found = locked(ids, on=today)
    _refuse_unless_all_found(ids, found.certificates)
    if reasons := findings_of(decision, found.certificates, by, on=today, in_grace=found.facts.in_grace):
        raise Refused(*reasons)
    changes = [_change(decision, measure, one, found) for one in found.certificates]
    written = change_states(changes, by=by, now=now)
    own = [event for event in written if event.certificate_id in set(ids)]
    _write_bars(bars_of(decision, found.certificates, on=today, parameters=ParameterBook.load()), own)
    if measure.notice is not None:
        kind, title = measure.notice
        announce(kind, title, written, by=by, now=now)
    if measure.voids_transfer:
        _void_transfers([change.undoes_id for change in changes], decision, now)
    _tell(own, decision.action, decision.summary, decision.document_number)
    return own


def _refuse_unless_all_found(ids: Collection[int], certificates: Sequence[Certificate]) -> None:
    if not certificates or len(certificates) < len(set(ids)):
        raise Refused(Finding("authority.unknown", "没有选择证书，或者证书不存在", "请返回证书查询重新选择。"))


def _change(decision: Decision, measure: Measure, certificate: Certificate, found: Locked) -> StateChange:
    undone = _transfer_in_force(found.trails[certificate.pk]) if measure.voids_transfer else None
    planned = CertificateEvent(
        certificate=certificate,
        operation=measure.operation,
        state_before=certificate.legal_state,
        state_after=certificate.legal_state,
        undoes=undone,
    )
    return StateChange(
        certificate_id=certificate.pk,
        state=measure.state or found.computed(certificate.pk, planned),
        operation=measure.operation,
        summary=decision.summary,
        kind=decision.action,
        document_number=decision.document_number.strip(),
        undoes_id=undone.pk if undone else None,
        until=decision.until,
    )


def _transfer_in_force(trail: Sequence[CertificateEvent]) -> CertificateEvent | None:
    granted = [event for event in standing(trail) if event.state_after == LegalState.TRANSFERRING]
    return granted[-1] if granted else None


def _write_bars(bars: dict[int, Bar], events: Iterable[CertificateEvent]) -> None:
    for event in events:
        if event.certificate_id in bars:
            bars[event.certificate_id].cause = source_of(event)
    Bar.objects.bulk_create(bars.values())


def _void_transfers(event_ids: Iterable[int | None], decision: Decision, now: datetime) -> None:
    events = list(CertificateEvent.objects.filter(pk__in=[pk for pk in event_ids if pk is not None]))
    TransferProof.objects.filter(event__in=events, undone_at__isnull=True).update(undone_at=now)
    withdraw_announcements(events, reason=_in_words(decision.document_number, decision.summary), now=now)


def _in_words(document_number: str, reason: str) -> str:
    return f"{document_number.strip()}：{reason}"


def overturn(event_id: int, *, document_number: str, reason: str, by: Actor, now: datetime) -> list[CertificateEvent]:
    """Undoes an adverse decision by a new event, with its consequences: its notice lines, its bars, and the end of
    additional A certificates.

    Applications that it closed stay closed; so does a certificate of somebody who has died. Raises `Refused` and
    `CertificateEvent.DoesNotExist`.
    """
    return retried(lambda: _overturn(event_id, document_number.strip(), reason.strip(), by, now))


def _overturn(event_id: int, document_number: str, reason: str, by: Actor, now: datetime) -> list[CertificateEvent]:
    read = CertificateEvent.objects.get(pk=event_id)
    found = locked([read.certificate_id, *_additional_of(read.certificate_id)], on=localdate(now))
    undone = {event.undoes_id for trail in found.trails.values() for event in trail}
    sentence = why_not_overturn(by, read, is_undone=read.pk in undone)
    reasons = [*own_certificates(found.certificates, by), *content_findings(document_number, reason)]
    if sentence is not None:
        reasons.insert(0, Finding("authority.not_overturnable", sentence))
    if reasons:
        raise Refused(*reasons)
    taken_back = [read, *_ended_with(read, found.trails, undone)]
    changes = [_undoing(event, read, document_number, reason, found) for event in taken_back]
    if dead := _in_force_again(changes):
        raise Refused(*dead)
    written = change_states(changes, by=by, now=now)
    withdraw_announcements(taken_back, reason=_in_words(document_number, reason), now=now)
    Bar.objects.filter(cause__in=[source_of(event) for event in taken_back], lifted_at__isnull=True).update(
        lifted_at=now
    )
    _tell(written, AuthorityAction.OVERTURN, reason, document_number)
    return written


def _undoing(
    event: CertificateEvent, decision: CertificateEvent, document_number: str, reason: str, found: Locked
) -> StateChange:
    return StateChange(
        certificate_id=event.certificate_id,
        state=found.computed(event.certificate_id, CertificateEvent(undoes=event)),
        operation=Operation.OTHER,
        summary=f"撤回“{AuthorityAction(decision.kind).label}”决定（{decision.document_number}）：{reason}",
        kind=AuthorityAction.OVERTURN,
        document_number=document_number,
        undoes_id=event.pk,
    )


def _in_force_again(changes: Iterable[StateChange]) -> list[Finding]:
    """Nobody who has died holds a certificate in force, whichever decision is taken back."""
    ids = [one.certificate_id for one in changes if one.state in IN_FORCE_STATES]
    rows = Certificate.objects.filter(pk__in=ids, person__died_on__isnull=False)
    return [holder_has_died(one) for one in rows.select_related("person").order_by("pk")]


def _additional_of(certificate_id: int) -> list[int]:
    return list(Certificate.objects.filter(additional_to=certificate_id).order_by("pk").values_list("pk", flat=True))


def _ended_with(
    decision: CertificateEvent, trails: Mapping[int, Sequence[CertificateEvent]], undone: Collection[int | None]
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
        posts.append(OutgoingMessage(certificate.person.mailbox_id, title, body, detail, event="certificate_state"))
        if certificate.enterprise is not None:
            staff = reverse("certificates:staff")
            posts.append(
                OutgoingMessage(
                    certificate.enterprise.mailbox_id,
                    title,
                    f"{certificate.person.name}，{body}",
                    staff,
                    event="certificate_state",
                )
            )
    send(posts)
