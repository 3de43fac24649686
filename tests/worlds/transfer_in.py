"""A world in which a certificate of another province is brought in."""

from __future__ import annotations

from datetime import date

from certificates.models import Certificate
from tests.worlds.late_entry import LateEntryWorld


class TransferInWorld(LateEntryWorld):
    kind = "transfer_in"
    number = "浙建安C2（2019）{:07d}"

    def check_effect(self) -> None:
        certificate = Certificate.objects.get(person=self.person)
        assert certificate.number == "赣建安C2（2026）0000001"
        assert (certificate.enterprise, certificate.ends_on) == (self.enterprise, date(2028, 2, 29))
