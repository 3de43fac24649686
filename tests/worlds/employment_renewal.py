"""A world in which an enterprise renews the contract of an employee in place."""

from __future__ import annotations

from datetime import date

from employment.models import Employment, FormerTerms
from employment.renewing.terms import business, payload_for, renewal_case
from tests.factories import actor, make_employment
from tests.worlds.base import TODAY, World
from workflow.actors import Actor
from workflow.checks import Case


class EmploymentRenewalWorld(World):
    kind = "employment_renewal"

    def build(self) -> None:
        self.employment = make_employment(self.person, self.enterprise, "08", contract_to=date(2026, 12, 5))

    @property
    def filer(self) -> Actor:
        return actor(self.operator)

    def case(self) -> Case:
        payload = payload_for(self.employment, posts=["07", "08"], contract_to=date(2029, 12, 5))
        return renewal_case(business(), self.employment, payload, TODAY)

    def check_effect(self) -> None:
        present = Employment.objects.active().get(person=self.person)
        assert (present.pk, present.posts) == (self.employment.pk, ["07", "08"])
        assert (present.contract_to, present.started_at) == (date(2029, 12, 5), self.employment.started_at)
        former = FormerTerms.objects.get(employment=present)
        assert (former.posts, former.contract_to) == (["08"], date(2026, 12, 5))
