"""An exam that begins in an hour, with two rooms, seated candidates with photos, and a link at each door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from exams.checkin.links import make_link
from exams.models import CheckInLink, ExamBatch, ExamSeat, SessionRoom
from exams.seating.services import assign_seats
from tests.exams.exam_world import ExamWorld, make_batch, make_candidate, make_entry
from tests.exams.seating.seat_world import add_session
from tests.factories import actor

AT = datetime.fromisoformat("2026-12-12T08:00:00+08:00")
NAMES = ("葛小满", "欧阳䶮", "古丽·买买提", "李𠮷", "王伟", "王伟华")


class DoorWorld(ExamWorld):
    """Rooms 1 and 2 have three candidates each; `other_day` is a session of the same exam on another day, with one."""

    def __init__(self, now: datetime | None = None) -> None:
        super().__init__()
        self.now = now or timezone.now()
        starts = self.now + timedelta(hours=1)
        today = timezone.localdate(self.now)
        self.batch = self.held(exam_from=today, exam_to=today + timedelta(days=2))
        add_session(self, 3, 3, batch=self.batch, starts=starts, categories=["C2"])
        add_session(self, 2, batch=self.batch, starts=starts + timedelta(days=2), categories=["B"])
        for name in NAMES:
            self.admit(name)
        self.admit("别日", category="B", post="07")
        assign_seats(self.batch.pk, by=actor(self.organiser), now=self.now)
        self.first, self.second, self.other_day = self.rooms()
        self.link = make_link(self.first.pk, by=actor(self.organiser), now=self.now)

    def held(self, **fields: Any) -> ExamBatch:
        signed_up = {
            "sign_up_from": fields["exam_from"] - timedelta(days=20),
            "sign_up_to": fields["exam_from"] - timedelta(days=9),
        }
        return make_batch(organiser=self.organiser_office, **signed_up, **fields)

    def admit(self, name: str, **fields: Any) -> None:
        person = make_candidate(self.enterprise, name)
        make_entry(person, self.enterprise, self.batch, office=self.province.municipal, **fields)

    def rooms(self) -> list[SessionRoom]:
        rows = SessionRoom.objects.filter(session__batch=self.batch).select_related("session__batch", "room__site")
        return list(rows.order_by("session__number", "number"))

    def seats(self, room: SessionRoom | None = None) -> list[ExamSeat]:
        rows = ExamSeat.objects.filter(session_room=room or self.first, released_at__isnull=True)
        return list(rows.select_related("entry__person").order_by("number"))

    def address(self, link: CheckInLink | None = None) -> str:
        return f"/checkin/{(link or self.link).token}/"

    def open_day(self, client: Client) -> str:
        client.force_login(self.organiser)
        return f"/office/exams/{self.batch.pk}/day/"
