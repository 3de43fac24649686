"""Writes the sessions of a batch together with the rooms that they use."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from common.database.constraints import refused_by_constraints
from common.database.set_updates import update_rows
from common.dates import chinese_datetime
from common.findings import Finding, Refused
from exams.enums import BatchStatus
from exams.models import ExamBatch, ExamRoom, ExamSession, SessionRoom
from exams.permissions import is_results_of
from exams.sign_up.places import release_seats
from workflow.actors import Actor
from workflow.services.auditing import author_of
from workflow.services.locking import lock_rows

from .changes import changes_of_session, tell_changes, wrong_reason
from .plans import Plan, meeting_others, outside_days, taken_rooms, wrong_rooms, wrong_times
from .selectors import is_awaited, last_seats, live_rooms, site_offices, uses_at, uses_of_others

TAKEN = "exam_session.conflict"
"""The rooms are locked before they are looked at; the constraint stands for rows that others have written."""


def create_session(batch_id: int, plan: Plan, *, by: Actor, now: datetime | None = None) -> ExamSession:
    """Raises Refused with every reason, also where another session has just taken a room."""
    with refused_by_constraints(TAKEN):
        return _create(batch_id, plan, by, now or utc_now())


def change_session(
    session_id: int, plan: Plan, *, by: Actor, reason: str = "", now: datetime | None = None
) -> ExamSession:
    """A session changes until it begins. A room that stays keeps its number, and whoever is seated in it keeps the seat.

    Seats in a room that is left are released. Once somebody is signed up, another time or place, or a room with seats
    that is left, needs a reason, and everybody signed up for the session's categories is told.
    """
    with refused_by_constraints(TAKEN):
        return _change(session_id, plan, by, reason, now or utc_now())


@transaction.atomic
def remove_session(session_id: int, *, by: Actor, now: datetime | None = None) -> None:
    """Deletes a session in which nobody was ever seated."""
    session = _locked(session_id, by, now or utc_now())
    _audit("exam_session.remove", session, by)
    try:
        SessionRoom.objects.filter(session=session).delete()
    except ProtectedError as error:
        detail = "编排过座位的场次留作记录，可以修改时间和考场。"
        raise Refused(Finding("exam_session.seated", f"{session}编排过座位，不能删除", detail)) from error
    session.delete()


def remove_all_sessions(draft: ExamBatch) -> None:
    """The caller has locked the batch, to which nobody was ever signed up."""
    SessionRoom.objects.filter(session__batch=draft).delete()
    ExamSession.objects.filter(batch=draft).delete()


def release_rooms(batch: ExamBatch, *, now: datetime) -> int:
    """Frees the rooms of a batch that is called off, and answers how many. The caller has locked the batch."""
    return SessionRoom.objects.filter(session__batch=batch, released_at__isnull=True).update(released_at=now)


def move_sessions(batch: ExamBatch, *, days: int) -> int:
    """Moves the sessions by whole days, with their rooms and the seats in them; answers how many moved.

    The caller has locked the batch and set its new days. Raises Refused for a session that then lies outside of them or
    meets another exam in its room.
    """
    sessions = lock_rows(ExamSession, ExamSession.objects.filter(batch=batch).values_list("pk", flat=True))
    by = timedelta(days=days)
    for session in sessions:
        session.starts_at, session.ends_at = session.starts_at + by, session.ends_at + by
    rooms = list(SessionRoom.objects.filter(session__batch=batch, released_at__isnull=True).order_by("pk"))
    lock_rows(ExamRoom, [room.room_id for room in rooms])
    outside = [one for one in sessions if not batch.exam_from <= localdate(one.starts_at) <= batch.exam_to]
    moved = [_moved(room, by) for room in rooms] if days else []
    if reasons := [*outside_days(outside), *meeting_others(moved, uses_of_others(batch, moved))]:
        raise Refused(*reasons)
    if not days:
        return 0
    # Those that go first make room for the next ones of the same room and person.
    for session in sorted(sessions, key=lambda one: one.starts_at, reverse=days > 0):
        session.save(update_fields=["starts_at", "ends_at"])
        SessionRoom.objects.filter(session=session).update(starts_at=session.starts_at, ends_at=session.ends_at)
    return len(sessions)


def _moved(room: SessionRoom, by: timedelta) -> SessionRoom:
    room.starts_at, room.ends_at = room.starts_at + by, room.ends_at + by
    return room


def _create(batch_id: int, plan: Plan, by: Actor, now: datetime) -> ExamSession:
    batch = _locked_batch(batch_id, by)
    _check(plan, batch, None, now)
    last = ExamSession.objects.filter(batch=batch).order_by("-number").first()
    session = ExamSession(batch=batch, number=last.number + 1 if last else 1)
    _write(session, plan, now)
    _audit("exam_session.create", session, by, seats=sum(plan.seats.values()))
    return session


def _change(session_id: int, plan: Plan, by: Actor, reason: str, now: datetime) -> ExamSession:
    session = _locked(session_id, by, now)
    batch = session.batch
    rooms = _check(plan, batch, session, now)
    had = live_rooms(session)
    seated = last_seats(session)
    emptied = [one for one in had if one.room_id in seated and one.room_id not in plan.seats]
    what = changes_of_session(session, plan, had, rooms, is_seated=bool(emptied)) if is_awaited(batch) else []
    if wrong := wrong_reason(reason) if what else []:
        raise Refused(*wrong)
    released = release_seats(session_room_ids=[one.pk for one in emptied])
    categories = {*session.categories, *plan.categories} if session.categories and plan.categories else ()
    _write(session, plan, now)
    moves = any(one.moves for one in what)
    told = tell_changes(batch, what, reason=reason, moves=moves, by=by, now=now, categories=categories)
    seats = sum(plan.seats.values())
    _audit("exam_session.change", session, by, seats=seats, reason=reason, told=told, released=released)
    return session


def _locked_batch(batch_id: int, by: Actor) -> ExamBatch:
    batch = ExamBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if not is_results_of(by, batch):
        raise Refused(Finding("exam_session.not_yours", "场次由承办该批次的考试机构安排。"))
    if batch.status == BatchStatus.CALLED_OFF:
        raise Refused(Finding("exam.called_off", "该批次已取消，不能安排场次"))
    return batch


def _locked(session_id: int, by: Actor, now: datetime) -> ExamSession:
    batch = _locked_batch(ExamSession.objects.values_list("batch_id", flat=True).get(pk=session_id), by)
    (session,) = lock_rows(ExamSession, [session_id])
    session.batch = batch
    if session.starts_at <= now:
        raise Refused(Finding("exam_session.begun", f"{session}已经开始，不能修改", "已经考过的场次保留备查。"))
    return session


def _check(plan: Plan, batch: ExamBatch, session: ExamSession | None, now: datetime) -> dict[int, ExamRoom]:
    """Answers the locked rooms of the plan."""
    rooms = {room.pk: room for room in lock_rows(ExamRoom, plan.seats)}
    kept = {one.room_id for one in live_rooms(session)} if session else set()
    seated = last_seats(session) if session else {}
    reasons = [*wrong_times(plan, batch, now=now), *wrong_rooms(plan, rooms, kept, seated, site_offices(batch))]
    if plan.starts_at < plan.ends_at:
        but = session.pk if session else None
        uses = uses_at(rooms, starts_at=plan.starts_at, ends_at=plan.ends_at, but=but)
        reasons += taken_rooms(uses)
    if reasons:
        raise Refused(*reasons)
    return rooms


def _write(session: ExamSession, plan: Plan, now: datetime) -> None:
    """Its rooms repeat the times, in the same transaction. A room that is left is released and keeps its number."""
    session.starts_at, session.ends_at, session.categories = plan.starts_at, plan.ends_at, list(plan.categories)
    session.save()
    known = {one.room_id: one for one in SessionRoom.objects.filter(session=session).order_by("number")}
    left = [one for room_id, one in known.items() if room_id not in plan.seats and one.released_at is None]
    for one in left:
        one.released_at = now
    kept = [one for room_id, one in known.items() if room_id in plan.seats]
    for one in kept:
        one.seats, one.starts_at, one.ends_at = plan.seats[one.room_id], plan.starts_at, plan.ends_at
        one.released_at = None
    update_rows([*left, *kept], ["seats", "starts_at", "ends_at", "released_at"])
    used = {one.number for one in known.values()}
    free = iter(number for number in range(1, len(plan.seats) + len(used) + 1) if number not in used)
    SessionRoom.objects.bulk_create(
        SessionRoom(
            session=session,
            room_id=room_id,
            number=next(free),
            seats=seats,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
        )
        for room_id, seats in plan.seats.items()
        if room_id not in known
    )


def _audit(action: str, session: ExamSession, by: Actor, **detail: object) -> None:
    told: dict[str, object] = {
        "acting_for": by.acting_for,
        "batch": session.batch_id,
        "session": str(session),
        "starts_at": chinese_datetime(session.starts_at),
        "ends_at": chinese_datetime(session.ends_at),
        **detail,
    }
    record_audits(action, [(ExamSession._meta.label_lower, session.pk, told)], by=author_of(by))
