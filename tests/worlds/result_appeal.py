"""A world in which a person who failed an exam asks the organiser to look at the result again, and was right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from accounts.enums import Duty
from administration.enums import OfficeKind
from exams.enums import EntryState
from exams.results.services import Result, record_results
from tests.exams.exam_world import make_batch, make_entry
from tests.factories import actor, make_employment, make_office, make_staff
from tests.worlds.base import NOW, TODAY, World
from workflow.actors import Actor
from workflow.business import business_of
from workflow.checks import Case
from workflow.enums import Desk
from workflow.models import Application

SETTLED = datetime.fromisoformat("2026-11-20T10:00:00+08:00")


class ResultAppealWorld(World):
    kind = "result_appeal"
    corrected = 50

    def build(self) -> None:
        make_employment(self.person, self.enterprise, "08")
        known = getattr(self.province, "organiser", None)
        self.organiser = known or make_staff(
            make_office("省考试中心", kind=OfficeKind.ORGANISER, region="360000"), Duty.ORGANISE, name="考务员"
        )
        self.province.organiser = self.organiser  # type: ignore[attr-defined]
        batch = make_batch(
            exam_from=date(2026, 11, 14),
            exam_to=date(2026, 11, 14),
            sign_up_to=date(2026, 11, 10),
            sign_up_from=date(2026, 11, 1),
            organiser=self.organiser.office,
        )
        self.entry = make_entry(
            self.person,
            self.enterprise,
            batch,
            state=EntryState.FAILED,
            settled_at=SETTLED,
            office=self.province.municipal,
        )

    def holder(self, application: Application) -> Actor:
        return actor(self.organiser) if application.desk == Desk.ORGANISER else super().holder(application)

    def everybody(self) -> list[Actor]:
        return [*super().everybody(), actor(self.organiser)]

    def case(self) -> Case:
        prepared = business_of(self.kind).prepare(self.filer, {"entry": str(self.entry.pk)}, today=TODAY)
        said = {"reason": "score", "note": "能力考核少计了一题", "commitment": True}
        return replace(prepared, payload={**prepared.payload, **said})

    def file(self, now: datetime = NOW) -> Application:
        """The organiser finds the mistake at once."""
        application = super().file(now)
        self.corrected += 1
        failed = Result(self.entry.pk, EntryState.FAILED, self.corrected, reason="能力考核少计了一题")
        recorded = record_results([failed], by=actor(self.organiser), now=now)
        assert recorded.done, recorded.refused
        return application

    def check_effect(self) -> None:
        self.entry.refresh_from_db()
        assert self.entry.knowledge_score == self.corrected
