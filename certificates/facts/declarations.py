"""Reads the certificates of other provinces that people have declared."""

from __future__ import annotations

from certificates.models import OutOfProvinceCertificate
from common.web.ids import id_of


def declared_values(wanted: str | None, person_id: int) -> dict[str, str]:
    """Answers what the person has declared about a certificate, as a form takes it; {} for none that is open."""
    found = OutOfProvinceCertificate.objects.filter(
        pk=id_of(wanted) or 0, declared_by=person_id, settled_at__isnull=True
    ).first()
    if found is None:
        return {}
    return {
        "number": found.number,
        "category": found.category,
        "enterprise_name": found.enterprise_name,
        "valid_to": found.valid_to.isoformat(),
    }
