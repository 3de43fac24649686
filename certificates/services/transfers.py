"""Moving between provinces: the proof that goes out, the register of what came in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate

from jxcloud.base.jobs import enqueue_many

from ..models import CertificateEvent, OutOfProvinceCertificate, TransferProof


def order_transfer_proofs(events: Sequence[CertificateEvent], payloads: Mapping[int | None, Mapping[str, Any]]) -> None:
    """One proof for each certificate that goes; written with the decision, made by the worker."""
    from ..tasks import make_transfer_proofs  # tasks call services: the other direction would be a circle

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
    enqueue_many(make_transfer_proofs, [{"proof_ids": [proof.pk for proof in proofs]}])


def settle_exchanged(numbers: Collection[str], *, now: datetime) -> int:
    """Out-of-province certificates that were exchanged here no longer block anything."""
    return OutOfProvinceCertificate.objects.filter(number__in=numbers, settled_at__isnull=True).update(settled_at=now)
