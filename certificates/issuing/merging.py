"""Merges certificates: the parts are cancelled by the certificate that takes their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from certificates.enums import Category, LegalState, Operation, Origin
from certificates.models import Certificate, CertificateVersion
from certificates.state.services import StateChange, change_states
from workflow.actors import Actor

from .new import NewCertificate, create_certificates


@dataclass(frozen=True)
class Merge:
    """C1 and C2 of one person become a C3 with a new number, the earlier first issue and the later end."""

    parts: Sequence[Certificate]
    enterprise_id: int | None
    kind: str
    application_id: int | None


def merge(orders: Sequence[Merge], *, by: Actor, now: datetime) -> list[CertificateVersion]:
    """The caller holds the persons and enterprises; the applications themselves stay open."""
    change_states(
        [change for order in orders for change in cancelled(order)],
        by=by,
        now=now,
        keep_open=[order.application_id for order in orders if order.application_id is not None],
    )
    return create_certificates([certificate_of(order) for order in orders], by=by, now=now)


def cancelled(order: Merge) -> Iterator[StateChange]:
    for part in order.parts:
        yield StateChange(
            certificate_id=part.pk,
            state=LegalState.CANCELLED,
            operation=Operation.CANCELLATION,
            summary="合并为C3证",
            kind=order.kind,
            application_id=order.application_id,
        )


def certificate_of(order: Merge) -> NewCertificate:
    return NewCertificate(
        person_id=order.parts[0].person_id,
        category=Category.C3,
        post=order.parts[0].post,
        origin=Origin.MERGE,
        operation=Operation.CHANGE,
        kind=order.kind,
        application_id=order.application_id,
        enterprise_id=order.enterprise_id,
        first_issued_on=min(part.first_issued_on for part in order.parts),
        valid_to=max(part.ends_on for part in order.parts),
        summary="由" + "、".join(part.number for part in order.parts) + "合并",
    )
