"""A world in which a lost certificate is replaced."""

from __future__ import annotations

from certificates.models import Certificate
from tests.worlds.base import CertificateWorld


class ReplacementWorld(CertificateWorld):
    kind = "replacement"

    def check_effect(self) -> None:
        assert Certificate.objects.get(pk=self.certificate.pk).ends_on == self.ends_on
