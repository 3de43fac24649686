"""A world in which a certificate leaves for another province."""

from __future__ import annotations

from dataclasses import replace

from certificates.models import Certificate, TransferProof
from tests.worlds.base import PAYLOAD, CertificateWorld
from workflow.checks import Case


class TransferOutWorld(CertificateWorld):
    kind = "transfer_out"

    def case(self) -> Case:
        return replace(super().case(), payload=PAYLOAD | {"destination": "浙江省", "new_enterprise": "浙江演示公司"})

    def check_effect(self) -> None:
        assert Certificate.objects.get(pk=self.certificate.pk).legal_state == "06"
        assert TransferProof.objects.get().destination == "浙江省"
