"""Reads the certificate or the transfer proof whose file somebody asks for."""

from __future__ import annotations

from django.db.models import Q
from django.shortcuts import get_object_or_404

from certificates.models import Certificate, TransferProof
from employment.models import Employment
from workflow.actors import Actor


def certificate_for_enterprise(actor: Actor, pk: int) -> Certificate:
    """Answers one of the enterprise's own certificates, or of the people it employs. Raises Http404 for any other."""
    employed = Employment.objects.active().filter(enterprise_id=actor.enterprise_id or 0).values("person_id")
    ours = Q(enterprise_id=actor.enterprise_id) | Q(person_id__in=employed)
    return get_object_or_404(Certificate.objects.filter(ours), pk=pk)


def current_transfer_proof(certificate: Certificate) -> TransferProof | None:
    return certificate.transfer_proofs.filter(undone_at__isnull=True).order_by("-pk").first()
