"""A world in which a certificate is given back."""

from __future__ import annotations

from dataclasses import replace

from administration.enums import NoticeKind
from administration.models import Notice
from certificates.models import Certificate
from tests.worlds.base import PAYLOAD, CertificateWorld
from workflow.checks import Case


class CancellationWorld(CertificateWorld):
    kind = "cancellation"

    def case(self) -> Case:
        return replace(super().case(), payload=PAYLOAD | {"reason": "leaving"})

    def check_effect(self) -> None:
        assert Certificate.objects.get(pk=self.certificate.pk).legal_state == "04"
        assert Notice.objects.get(kind=NoticeKind.CANCELLATION).lines.count() == 1
