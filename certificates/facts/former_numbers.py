"""Answers which number and category a version prints."""

from __future__ import annotations

from certificates.models import CertificateVersion, FormerNumber


def number_printed(version: CertificateVersion) -> tuple[str, str]:
    """Only versions before the latest can print another number than the certificate has now."""
    certificate = version.certificate
    if version.version < certificate.latest_version:
        former = FormerNumber.objects.filter(certificate=certificate.pk, through_version__gte=version.version).first()
        if former is not None:
            return former.number, former.category
    return certificate.number, certificate.category
