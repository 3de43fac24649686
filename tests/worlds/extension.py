"""A world in which a certificate is extended."""

from __future__ import annotations

from datetime import date

from certificates.models import Certificate
from tests.worlds.base import CertificateWorld


class ExtensionWorld(CertificateWorld):
    kind = "extension"
    ends_on = date(2027, 1, 31)

    def check_effect(self) -> None:
        super().check_effect()
        assert Certificate.objects.get(pk=self.certificate.pk).ends_on == date(2030, 1, 31)
