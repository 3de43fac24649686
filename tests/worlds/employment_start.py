"""A world in which an enterprise says that it employs a person."""

from __future__ import annotations

from employment.businesses.employment_start import EmploymentStart
from employment.models import Employment
from tests.factories import actor
from tests.worlds.base import TODAY, World
from workflow.actors import Actor
from workflow.checks import Case


class EmploymentStartWorld(World):
    kind = "employment_start"

    def build(self) -> None:
        return None

    @property
    def filer(self) -> Actor:
        return actor(self.operator)

    def case(self) -> Case:
        return EmploymentStart().case(
            person_id=self.person.pk,
            enterprise_id=self.enterprise.pk,
            region_id=self.enterprise.region_id,
            payload={"posts": ["07"], "contract_from": "2026-11-01", "contract_to": None},
            today=TODAY,
        )

    def check_effect(self) -> None:
        assert Employment.objects.active().get(person=self.person).enterprise == self.enterprise
