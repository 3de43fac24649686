"""Finds the terms of certificates that count now."""

from __future__ import annotations

from collections.abc import Iterable

from certificates.models import Certificate, CertificateTerm


def current_terms(certificates: Iterable[Certificate | int]) -> dict[int, CertificateTerm]:
    """Answers the last term of each that is not reversed; a reissue without a new term belongs to it."""
    rows = CertificateTerm.objects.filter(certificate__in=list(certificates), reversed_at__isnull=True).order_by(
        "certificate", "starts_on"
    )
    return {term.certificate_id: term for term in rows}
