"""A world in which a person says that an employment has ended."""

from __future__ import annotations

from dataclasses import replace

from employment.models import Employment
from tests.factories import make_employment
from tests.worlds.base import NOW, TODAY, World
from workflow.business import business_of
from workflow.checks import Case


class EmploymentEndWorld(World):
    kind = "employment_end"

    def build(self) -> None:
        self.employment = make_employment(self.person, self.enterprise, "08")

    def case(self) -> Case:
        prepared = business_of(self.kind).prepare(self.filer, {}, today=TODAY)
        return replace(
            prepared, payload={"reason": "resigned", "left_on": "2026-11-20", "note": "", "commitment": True}
        )

    def check_effect(self) -> None:
        ended = Employment.objects.get(pk=self.employment.pk)
        assert (ended.ended_at, ended.end_reason) == (NOW, "by_person")
        assert ended.ended_by is not None
