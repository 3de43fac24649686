"""Writes the ends of employments that need a judgement: a person asks for them, or an office decides on evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now as utc_now

from accounts.models import Person
from administration.audit.services import record_audit
from administration.messages.services import OutgoingMessage, send
from common.findings import Finding, Refused
from employment.enums import EndReason
from employment.models import Employment
from employment.permissions import why_not_end_by_office
from employment.relations.services import employment_changed, end_locked
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.services.locking import lock_parties, lock_rows


@dataclass(frozen=True)
class RequestedEnd:
    employment_id: int
    application_id: int
    note: str


def end_requested(ends: Sequence[RequestedEnd], *, reason: EndReason, now: datetime) -> None:
    """Carries out approved employment_end applications in sets. The caller has locked the persons."""
    rows = lock_rows(Employment, [end.employment_id for end in ends])
    ended = end_locked(
        rows,
        reason=reason,
        now=now,
        notes={end.employment_id: end.note for end in ends},
        applications={end.employment_id: end.application_id for end in ends},
    )
    employment_changed.send(sender=Employment, person_ids={row.person_id for row in ended})


def _told(person: Person, enterprise: Enterprise, words: str) -> list[OutgoingMessage]:
    to_person, to_enterprise = f"您与{enterprise.name}", f"与{person.name}"
    ended, history = "的聘用关系已由主管部门解除", "/enterprise/employment/?tab=history"
    event = "employment_ended"
    return [
        OutgoingMessage(person.mailbox_id, f"{to_person}{ended}", words, "/person/employment/", event=event),
        OutgoingMessage(enterprise.mailbox_id, f"{to_enterprise}{ended}", words, history, event=event),
    ]


@transaction.atomic
def end_by_office(
    employment_id: int, *, document_number: str, reason: str, by: Actor, now: datetime | None = None
) -> None:
    """The person brings the evidence: an award, a judgment or a notice of termination. Raises Refused."""
    now = now or utc_now()
    read = Employment.objects.get(pk=employment_id)
    persons, enterprises = lock_parties(person_ids=[read.person_id], enterprise_ids=[read.enterprise_id])
    (employment,) = lock_rows(Employment, [employment_id])
    person, enterprise = persons[employment.person_id], enterprises[employment.enterprise_id]
    if stop := why_not_end_by_office(by, employment, enterprise):
        raise Refused(stop)
    if missing := _missing(document_number, reason):
        raise Refused(*missing)
    end_locked([employment], reason=EndReason.BY_OFFICE, now=now, note=reason, document_number=document_number)
    words = f"{by.acting_for}依据{document_number}解除。{reason}"
    send(_told(person, enterprise, words))
    record_audit(
        action="end_employment",
        actor_id=by.user_id,
        actor_name=by.name,
        sphere="staff",
        object_type="employment.employment",
        object_id=employment.pk,
        detail={"document_number": document_number, "office": by.acting_for},
    )
    employment_changed.send(sender=Employment, person_ids={employment.person_id})


def _missing(document_number: str, reason: str) -> list[Finding]:
    found = []
    if not document_number.strip():
        found.append(Finding("employment.document_missing", "请填写证明材料的文号", "例如裁决书、判决书的编号。"))
    if not reason.strip():
        found.append(Finding("employment.reason_missing", "请填写解除理由", "本人和企业都会看到。"))
    return found
