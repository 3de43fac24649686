"""Batches, people fit for an exam, and entries in every state."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client

from accounts.enums import Duty
from accounts.models import Person, User
from administration.enums import OfficeKind
from administration.models import Office
from common.dates import SHANGHAI
from enterprises.models import Enterprise
from exams.enums import BatchStatus, EntryState
from exams.models import ExamBatch, ExamEntry, ExamRoom, ExamSeat, ExamSession, ExamSite, SessionRoom
from exams.results.services import Result, record_results
from exams.sign_up.eligibility import Candidate
from exams.sign_up.services import sign_up
from exams.sites.sessions.plans import Plan
from exams.sites.sessions.services import create_session
from tests.factories import (
    Province,
    actor,
    make_employment,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_staff,
)
from workflow.actors import Actor

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
TODAY = NOW.date()
EXAM_DAY = date(2026, 12, 12)
AFTER = datetime.fromisoformat("2026-12-15T10:00:00+08:00")
_serial = itertools.count(1)


def make_batch(**fields: Any) -> ExamBatch:
    """Announced, open for sign-up today, the exam in three weeks."""
    return ExamBatch.objects.create(
        **{
            "name": f"南昌市2026年第{next(_serial)}批考核",
            "region_id": "360100",
            "categories": ["A", "B", "C1", "C2", "C3"],
            "sign_up_from": TODAY - timedelta(days=3),
            "sign_up_to": TODAY + timedelta(days=7),
            "exam_from": EXAM_DAY,
            "exam_to": EXAM_DAY,
            "site": "南昌市红谷滩区演示路1号",
            "quota": 100,
            "status": BatchStatus.ANNOUNCED,
            "announced_at": NOW,
        }
        | fields
    )


def make_candidate(enterprise: Enterprise, name: str = "李安全", *posts: str, **fields: Any) -> Person:
    """Employed as site safety officer, with the education asked for."""
    person = make_person(name, **{"education": "bachelor", "professional_title": "intermediate"} | fields)
    make_employment(person, enterprise, *(posts or ("08",)))
    return person


def make_entry(person: Person, enterprise: Enterprise, batch: ExamBatch, **fields: Any) -> ExamEntry:
    """Approved; a result brings what its state asks for."""
    state = fields.setdefault("state", EntryState.APPROVED)
    office = fields.pop("office", None) or Office.objects.filter(kind=OfficeKind.MUNICIPAL).order_by("pk").last()
    extra: dict[str, Any] = {}
    if state not in (EntryState.ENTERED, EntryState.WITHDRAWN):
        extra["reviewed_at"] = NOW
    if state not in (EntryState.ENTERED, EntryState.WITHDRAWN, EntryState.REFUSED):
        extra["notified_at"] = NOW
    if state in (EntryState.PASSED, EntryState.FAILED):
        extra |= {"knowledge_score": Decimal(90 if state == EntryState.PASSED else 40), "settled_at": AFTER}
    entry = ExamEntry.objects.create(
        person=person,
        enterprise=enterprise,
        batch=batch,
        office=office,
        **{"category": "C2", "post": "08"} | extra | fields,
    )
    ExamBatch.objects.filter(pk=batch.pk).update(
        taken=batch.entries.exclude(state__in=["withdrawn", "refused"]).count()
    )
    return entry


def make_seat(entry: ExamEntry, office: Office, **fields: Any) -> ExamSeat:
    """The first seat of a room of its own, at nine on the exam day."""
    number = next(_serial)
    starts = datetime.combine(entry.batch.exam_from, time(9), tzinfo=SHANGHAI)
    times = {"starts_at": starts, "ends_at": starts + timedelta(minutes=90)}
    site = ExamSite.objects.create(office=office, region_id="360100", name=f"考点{number}", address="演示路1号")
    room = ExamRoom.objects.create(site=site, name="101", seats=30)
    session = ExamSession.objects.create(batch=entry.batch, number=number, **times)
    session_room = SessionRoom.objects.create(session=session, room=room, number=1, seats=30, **times)
    return ExamSeat.objects.create(
        entry=entry,
        person_id=entry.person_id,
        session_room=session_room,
        **{"number": 1, "candidate_number": f"2026{number:09d}"} | times | fields,
    )


def make_site(office: Office, *seats: int, **fields: Any) -> ExamSite:
    """Rooms are named 101, 102 and so on, one for each number of seats."""
    named = {"name": f"演示考点{next(_serial)}", "region_id": "360100", "address": "南昌市红谷滩区演示路1号"}
    site = ExamSite.objects.create(office=office, **named | fields)
    ExamRoom.objects.bulk_create(
        ExamRoom(site=site, name=f"3号楼{101 + number}", seats=many) for number, many in enumerate(seats)
    )
    return site


def rooms_in(site: ExamSite) -> list[ExamRoom]:
    return list(site.rooms.order_by("name", "pk"))


def planned(day: date, starts: str, ends: str, seats: dict[int, int], *categories: str) -> Plan:
    return Plan(
        datetime.fromisoformat(f"{day}T{starts}:00+08:00"),
        datetime.fromisoformat(f"{day}T{ends}:00+08:00"),
        categories,
        seats,
    )


def make_session(batch: ExamBatch, site: ExamSite, by: Actor, *categories: str) -> ExamSession:
    """In all rooms of the site with all their seats, in the morning of the first exam day."""
    seats = {room.pk: room.seats for room in rooms_in(site)}
    return create_session(batch.pk, planned(batch.exam_from, "09:00", "10:30", seats, *categories), by=by, now=NOW)


class ExamWorld:
    """A province, an enterprise in Nanchang with people, and an organiser."""

    def __init__(self) -> None:
        self.province = Province()
        self.enterprise = make_enterprise()
        self.operator: User = make_operator(self.enterprise)
        self.organiser_office = make_office("考试中心", kind=OfficeKind.ORGANISER, region="360000")
        self.organiser: User = make_staff(self.organiser_office, Duty.ORGANISE, name="考务员")
        self.batch = make_batch(organiser=self.organiser_office)

    @property
    def filer(self) -> Actor:
        return actor(self.operator)

    def candidates(self, number: int) -> list[Candidate]:
        return [Candidate(make_candidate(self.enterprise).pk, "C2", "08") for _ in range(number)]

    def entered(self, number: int = 1) -> list[ExamEntry]:
        result = sign_up(self.batch.pk, self.candidates(number), actor=self.filer, now=NOW)
        assert not result.refused, result.refused
        return list(ExamEntry.objects.filter(pk__in=result.entered.values()).order_by("pk"))

    def approved(self, number: int = 1, **fields: Any) -> list[ExamEntry]:
        people = [make_candidate(self.enterprise) for _ in range(number)]
        return [make_entry(person, self.enterprise, self.batch, office=self.province.municipal) for person in people]

    def passed(self) -> ExamEntry:
        """One entry whose result its organiser has recorded."""
        (entry,) = self.approved()
        record_results([Result(entry.pk, EntryState.PASSED, 90)], by=actor(self.organiser), now=AFTER)
        entry.refresh_from_db()
        return entry


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()
