"""A world in which a wrong date on a certificate is corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from certificates.models import Certificate
from tests.worlds.base import PAYLOAD, CertificateWorld
from workflow.checks import Case


class CorrectionWorld(CertificateWorld):
    kind = "correction"

    def case(self) -> Case:
        return replace(super().case(), payload=PAYLOAD | {"first_issued_on": "2018-03-01"})

    def check_effect(self) -> None:
        super().check_effect()
        certificate = Certificate.objects.get(pk=self.certificate.pk)
        assert (certificate.first_issued_on, certificate.ends_on) == (date(2018, 3, 1), self.ends_on)
