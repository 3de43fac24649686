"""An exam with rooms, and people of several enterprises who are admitted to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from exams.models import ExamBatch, ExamEntry, ExamRoom, ExamSeat, ExamSession, ExamSite, SessionRoom
from tests.exams.exam_world import ExamWorld, make_entry
from tests.factories import make_enterprise, make_person

STARTS = datetime.fromisoformat("2026-12-12T09:00:00+08:00")
LENGTH = timedelta(minutes=90)


def add_session(
    world: ExamWorld, *seats: int, batch: ExamBatch | None = None, starts: datetime = STARTS, **fields: Any
) -> ExamSession:
    """Each number makes a room with so many seats, of which all are used."""
    batch = batch or world.batch
    number = batch.sessions.count() + 1
    session = ExamSession.objects.create(
        batch=batch, number=number, starts_at=starts, ends_at=starts + LENGTH, **fields
    )
    site, _ = ExamSite.objects.get_or_create(
        office=world.organiser_office,
        name="江西青云职业学院",
        defaults={"region_id": "360100", "address": "南昌市青云谱区样例路1号", "phone": "0791-00000000"},
    )
    for order, count in enumerate(seats, start=1):
        name = f"3号楼{number}{order:02d}-{batch.pk}"
        room = ExamRoom.objects.create(site=site, name=name, seats=count)
        SessionRoom.objects.create(
            session=session, room=room, number=order, seats=count, starts_at=starts, ends_at=starts + LENGTH
        )
    return session


def admit(world: ExamWorld, number: int, *, enterprises: int = 1, **fields: Any) -> list[ExamEntry]:
    firms = [make_enterprise() for _ in range(enterprises)]
    return [
        make_entry(
            make_person(f"考生{'甲乙丙丁戊己庚辛壬癸'[index % 10]}"), firms[index % enterprises], world.batch, **fields
        )
        for index in range(number)
    ]


def live_seats(world: ExamWorld) -> list[ExamSeat]:
    rows = ExamSeat.objects.filter(entry__batch=world.batch, released_at__isnull=True)
    rows = rows.select_related("entry", "session_room__session")
    return list(rows.order_by("session_room__session__number", "session_room__number", "number"))
