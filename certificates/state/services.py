"""Writes changes of legal state without a new version, in sets: endings, suspensions and their undoing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from certificates.enums import IN_FORCE_STATES, LegalState, Operation
from certificates.models import Certificate, CertificateEvent, CertificateItem
from common.database.set_updates import update_rows
from workflow.actors import Actor
from workflow.enums import CloseReason
from workflow.services.acting import close_overtaken
from workflow.services.locking import lock_rows

from .snapshots import refresh_for_people


@dataclass(frozen=True)
class StateChange:
    certificate_id: int
    state: LegalState
    operation: Operation
    summary: str
    kind: str = ""
    document_number: str = ""
    application_id: int | None = None
    undoes_id: int | None = None
    until: date | None = None


ENDINGS = frozenset({LegalState.REVOKED, LegalState.CANCELLED, LegalState.EXPIRED, LegalState.WITHDRAWN})


def change_states(
    changes: Sequence[StateChange], *, by: Actor, now: datetime, keep_open: Collection[int] = ()
) -> list[CertificateEvent]:
    """The caller has locked the persons. The end of a certificate closes its open applications (except `keep_open`) and
    ends the additional A certificates that depend on it.
    """
    changes = [*changes, *_dependent(changes)]
    ending = {change.certificate_id for change in changes if change.state in ENDINGS}
    _close_applications(ending, keep_open, changes, now)
    by_id = {change.certificate_id: change for change in changes}
    certificates = lock_rows(Certificate, by_id)
    events = []
    for certificate in certificates:
        change = by_id[certificate.pk]
        events.append(_event(certificate, change, by, now))
        certificate.legal_state = change.state
    CertificateEvent.objects.bulk_create(events)
    update_rows(certificates, ["legal_state"])
    refresh_for_people({certificate.person_id for certificate in certificates}, now=now)
    return events


def _dependent(changes: Iterable[StateChange]) -> list[StateChange]:
    ending = {change.certificate_id: change for change in changes if change.state in ENDINGS}
    additional = Certificate.objects.filter(additional_to__in=ending, legal_state__in=IN_FORCE_STATES).exclude(
        pk__in=ending
    )
    return [
        StateChange(
            certificate_id=one.pk,
            state=LegalState.CANCELLED,
            operation=Operation.CANCELLATION,
            summary="所依附的A证终止，增发的A证随之注销",
            document_number=ending[one.additional_to_id].document_number,
            application_id=ending[one.additional_to_id].application_id,
        )
        for one in additional
        if one.additional_to_id is not None
    ]


def _close_applications(
    ending: Collection[int], keep_open: Collection[int], changes: Iterable[StateChange], now: datetime
) -> None:
    if not ending:
        return
    # An enterprise's application about all its certificates continues without the one that ended.
    items = CertificateItem.objects.filter(
        is_open=True, certificate_id__in=ending, application__person__isnull=False
    ).exclude(application_id__in=keep_open)
    summary = next((change.summary for change in changes if change.certificate_id in ending), "")
    close_overtaken(
        sorted(set(items.values_list("application_id", flat=True))),
        reason=CloseReason.CERTIFICATE_ENDED,
        comment=f"证书已终止：{summary}",
        now=now,
    )


def _event(certificate: Certificate, change: StateChange, by: Actor, now: datetime) -> CertificateEvent:
    return CertificateEvent(
        certificate=certificate,
        at=now,
        effective_on=localdate(now),
        operation=change.operation,
        state_before=certificate.legal_state,
        state_after=change.state,
        kind=change.kind,
        summary=change.summary,
        document_number=change.document_number,
        application_id=change.application_id,
        actor_id=by.user_id,
        undoes_id=change.undoes_id,
        until=change.until,
    )
