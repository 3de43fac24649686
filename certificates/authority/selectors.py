"""Reads the certificate or the decision that the authority decides about."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from certificates.models import Certificate, CertificateEvent


def certificate_to_decide(pk: int) -> Certificate:
    """Raises Http404."""
    return get_object_or_404(Certificate.objects.select_related("person"), pk=pk)


def decision_of(certificate_id: int, pk: int) -> CertificateEvent:
    """Raises Http404 for a decision about another certificate, too."""
    rows = CertificateEvent.objects.select_related("certificate__person")
    return get_object_or_404(rows, pk=pk, certificate=certificate_id)


def is_overturned(decision: CertificateEvent) -> bool:
    return CertificateEvent.objects.filter(undoes=decision).exists()


def last_event_of(certificate: Certificate) -> CertificateEvent | None:
    return CertificateEvent.objects.filter(certificate=certificate).order_by("-pk").first()
