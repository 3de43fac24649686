"""A world in which a further certificate A is asked for at a second enterprise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from accounts.models import User
from certificates.models import Certificate
from tests.factories import make_certificate, make_employment, make_enterprise, make_operator
from tests.worlds.base import PAYLOAD, TODAY, World
from workflow.business import business_of
from workflow.checks import Case


class AdditionalAWorld(World):
    kind = "additional_a"

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "02")
        self.certificate = make_certificate(self.person, self.enterprise, "A", ends_on=date(2028, 4, 30))
        self.other = make_enterprise(legal_representative_index=self.person.id_number_index)
        self.other_operator = make_operator(self.other)

    def operators(self) -> dict[int, User]:
        return {**super().operators(), self.other.pk: self.other_operator}

    def case(self) -> Case:
        query = {"certificate": str(self.certificate.pk), "enterprise": str(self.other.pk)}
        prepared = business_of(self.kind).prepare(self.filer, query, today=TODAY)
        return replace(prepared, payload=PAYLOAD | {"enterprise": self.other.pk})

    def check_effect(self) -> None:
        added = Certificate.objects.get(person=self.person, enterprise=self.other)
        assert (added.post, added.additional_to, added.ends_on) == ("01", self.certificate, self.certificate.ends_on)
