"""Cancels the certificates of a person who has died, and overturns that where the death was recorded in error."""

from __future__ import annotations

from accounts.deaths.rules import DECIDES
from accounts.deaths.steps import Death
from accounts.models import Person
from certificates.enums import IN_FORCE_STATES, AuthorityAction, Ground
from certificates.models import Certificate, CertificateEvent
from common.findings import Refused
from workflow.actors import Actor, actor_of

from .decisions import Decision
from .services import decide, overturn


def name_in_force(person: Person) -> list[str]:
    return [f"{row.number} 依职权注销（持证人死亡）并公告" for row in _in_force(person)]


def enterprises_in_force(person: Person) -> list[int]:
    return [row.enterprise_id for row in _in_force(person) if row.enterprise_id is not None]


def cancel_in_force(death: Death) -> list[int]:
    """Answers the ids of the events, which an overturning names."""
    ids = [row.pk for row in _in_force(death.person)]
    if not ids:
        return []
    decision = Decision(AuthorityAction.CANCEL, death.document, death.reason, Ground.DEATH)
    return [event.pk for event in decide(ids, decision, by=_actor(death), now=death.now)]


def overturn_cancelled(death: Death) -> list[str]:
    """Answers of each certificate that stays cancelled why."""
    left = []
    for event in CertificateEvent.objects.filter(pk__in=death.ended).select_related("certificate").order_by("pk"):
        try:
            overturn(event.pk, document_number=death.document, reason=death.reason, by=_actor(death), now=death.now)
        except Refused as refused:
            reasons = "".join(finding.message for finding in refused.findings)
            left.append(f"{event.certificate.number}：{reasons}")
    return left


def _actor(death: Death) -> Actor:
    actor = actor_of(death.by)
    if actor is None:
        raise Refused(DECIDES)
    return actor


def _in_force(person: Person) -> list[Certificate]:
    return list(Certificate.objects.filter(person=person, legal_state__in=IN_FORCE_STATES).order_by("pk"))
