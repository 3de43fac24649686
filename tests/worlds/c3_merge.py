"""A world in which C1 and C2 are merged into C3."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from certificates.models import Certificate
from tests.factories import make_certificate, make_employment
from tests.worlds.base import PAYLOAD, TODAY, World
from workflow.business import business_of
from workflow.checks import Case


class C3MergeWorld(World):
    kind = "c3_merge"

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "08")
        self.first = make_certificate(self.person, self.enterprise, "C1", ends_on=date(2027, 4, 30))
        self.second = make_certificate(self.person, self.enterprise, "C2", ends_on=date(2028, 4, 30))

    def case(self) -> Case:
        prepared = business_of(self.kind).prepare(self.filer, {"certificate": str(self.first.pk)}, today=TODAY)
        return replace(prepared, payload=PAYLOAD)

    def check_effect(self) -> None:
        merged = Certificate.objects.get(person=self.person, category="C3")
        assert (merged.ends_on, merged.display_status) == (date(2028, 4, 30), "normal")
        parts = Certificate.objects.filter(person=self.person).exclude(pk=merged.pk)
        assert {part.legal_state for part in parts} == {"04"}
