"""Writes the documents of a move between provinces: the proof of a transfer out, the settling of a transfer in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate

from accounts.models import Person
from certificates.enums import Ending
from certificates.models import CertificateEvent, OutOfProvinceCertificate, TransferProof
from certificates.state.snapshots import refresh_for_people
from common.jobs import enqueue_many


def order_transfer_proofs(events: Sequence[CertificateEvent], payloads: Mapping[int | None, Mapping[str, Any]]) -> None:
    """Orders one proof for each certificate that leaves; the decision writes the order, the worker makes the proof."""
    proofs = TransferProof.objects.bulk_create(
        TransferProof(
            certificate_id=event.certificate_id,
            event=event,
            destination=payloads[event.application_id].get("destination", ""),
            new_enterprise=payloads[event.application_id].get("new_enterprise", ""),
            issued_on=localdate(event.at),
            issuer_name=settings.ECERT_ISSUER_NAME,
        )
        for event in events
        if event.application_id in payloads
    )
    enqueue_many("certificates.make_transfer_proofs", [{"proof_ids": [proof.pk for proof in proofs]}])


def settle_exchanged(numbers: Mapping[str, int], *, now: datetime) -> int:
    """Ends out-of-province certificates that were exchanged here, so that they no longer block anything.

    `numbers` maps a number to its holder, since another person's declaration of the same number stays open.
    """
    open_rows = OutOfProvinceCertificate.objects.filter(number__in=numbers, settled_at__isnull=True)
    ids = [
        pk
        for pk, number, declared_by in open_rows.values_list("pk", "number", "declared_by")
        if declared_by in (None, numbers[number])
    ]
    exchanged = OutOfProvinceCertificate.objects.filter(pk__in=ids)
    holders = Person.objects.filter(id_number_index__in=exchanged.values("id_number_index"))
    people = set(holders.values_list("pk", flat=True))
    settled = exchanged.update(settled_at=now, ending=Ending.EXCHANGED, ended_on=localdate(now))
    refresh_for_people(people, now=now)
    return settled
