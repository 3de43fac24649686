"""A world in which a certificate on paper is entered late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from certificates.models import Certificate
from tests.factories import make_employment
from tests.worlds.base import PAYLOAD, TODAY, World
from workflow.business import business_of
from workflow.checks import Case

PAPER = PAYLOAD | {
    "category": "C2",
    "post": "",
    "first_issued_on": "2019-03-01",
    "valid_from": "2025-03-01",
    "valid_to": "2028-02-29",
}


class LateEntryWorld(World):
    kind = "late_entry"
    number = "赣建安C2（2019）{:07d}"

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "08")
        self.paper = PAPER | {
            "number": self.number.format(9000 + self.person.pk),
            "enterprise_name": self.enterprise.name,
        }

    def case(self) -> Case:
        return replace(business_of(self.kind).prepare(self.filer, {}, today=TODAY), payload=self.paper)

    def check_effect(self) -> None:
        certificate = Certificate.objects.get(number=self.paper["number"])
        assert (certificate.enterprise, certificate.ends_on) == (self.enterprise, date(2028, 2, 29))
        assert certificate.latest_version == 1
