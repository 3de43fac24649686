"""Shows exams before, on and after their day: one moved after its seats were given, one today, one without all results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from django.utils.timezone import localtime

from accounts.enums import Duty
from exams.batches.changing import change_batch
from exams.checkin.links import make_link
from exams.checkin.merging import Device, Said, merge_check_ins
from exams.enums import CheckInKind, EntryState
from exams.excuses.services import file_excuse
from exams.models import CheckInLink, ExamBatch, ExamSeat, SessionRoom
from exams.results.services import Result, record_results
from exams.seating.services import assign_seats
from workflow.actors import actor_of

from .builders import demo_builder
from .context import SEED, DemoContext
from .corrections import scan
from .exam_sites import plan_sessions, staff, starts_on
from .exams import CAPITAL, FULL, OPEN, Groups, approve, enter, enter_some, hired_groups, make_batch

MOVED = "江西省安管人员考核（已改期）"
TODAY = "江西省安管人员考核（今天考试）"
AFTER = "江西省安管人员考核（等待成绩）"
PROCTORS = ("演示监考一", "演示监考二", "演示监考三")
HALF_HOUR = timedelta(minutes=30)
APART = timedelta(hours=4)
SCORES = ("84", "72.5", "55", "90", "63")
"""One of five fails."""


def before(context: DemoContext, groups: Groups) -> ExamBatch:
    """Seats were given, then the exam was moved; some are admitted since, and have none."""
    now = context.now
    batch = make_batch(context, MOVED, opens=-18, exam=9)
    uses = ({"教学楼A101": 45}, {"教学楼A102": 20})
    plan_sessions(batch, starts_on(batch.exam_from), uses, now=now - timedelta(days=18))
    enter_some(batch, groups, now - timedelta(days=10), of_each=2)
    entries = list(batch.entries.order_by("pk"))
    approve(entries[:-4], now - timedelta(days=3))
    assign_seats(batch.pk, by=staff(Duty.ORGANISE), now=now - timedelta(days=2))
    day = context.today + timedelta(days=13)
    change_batch(
        batch.pk,
        by=staff(Duty.DECIDE),
        reason="考点当日承办全省统一考试，改期举行（演示）。",
        now=now - timedelta(days=1),
        exam_from=day,
        exam_to=day,
    )
    approve(entries[-4:-1], now - timedelta(hours=1))
    return batch


def today(context: DemoContext, groups: Groups) -> ExamBatch:
    """Its first session has begun whatever the hour: most are checked in, and one was somebody else."""
    now = context.now
    batch = make_batch(context, TODAY, opens=-25, exam=0)
    uses = ({"3号楼101": 14, "3号楼102": 16}, {"3号楼201": 20})
    plan_sessions(batch, starts_today(now), uses, now=now - timedelta(days=26))
    enter_some(batch, groups, now - timedelta(days=20), of_each=4)
    approve(batch.entries.order_by("pk"), now - timedelta(days=12))
    assign_seats(batch.pk, by=staff(Duty.ORGANISE), now=now - timedelta(days=8))
    check_in(batch, missing=(3, 9, 15), stranger=9, now=now)
    return batch


def after(context: DemoContext, groups: Groups) -> ExamBatch:
    """The first room has its results but for whoever did not come; of them one hands in why."""
    now = context.now
    batch = make_batch(context, AFTER, opens=-33, exam=-3)
    uses = ({"3号楼101": 12, "3号楼102": 16}, {"3号楼201": 20})
    plan_sessions(batch, starts_on(batch.exam_from), uses, now=now - timedelta(days=34))
    enter_some(batch, groups, now - timedelta(days=25), of_each=3)
    approve(batch.entries.order_by("pk"), now - timedelta(days=15))
    assign_seats(batch.pk, by=staff(Duty.ORGANISE), now=now - timedelta(days=9))
    check_in(batch, missing=(2, 7), now=now)
    _grade(batch, now - timedelta(days=1))
    _excuse(batch, now - timedelta(days=1))
    return batch


def starts_today(now: datetime) -> list[datetime]:
    """The first session has begun and the second has not, but late in the evening, so that both end today."""
    local = localtime(now).replace(second=0, microsecond=0)
    midnight = local.replace(hour=0, minute=0)
    latest = midnight + timedelta(hours=22)
    half_hour = local - timedelta(minutes=local.minute % 30)
    first = min(max(half_hour - HALF_HOUR, midnight), latest)
    return [first, min(first + APART, latest)]


def check_in(batch: ExamBatch, *, missing: Sequence[int], stranger: int | None = None, now: datetime) -> None:
    """Checks in the rooms of what has begun by now; `missing` are places in the order of seats who did not come."""
    source = Random(f"{SEED} {batch.name}")  # noqa: S311  repeatable on purpose
    by, position = staff(Duty.ORGANISE), 0
    for number, room in enumerate(rooms_of(batch)):
        opened = min(room.starts_at - HALF_HOUR, now)
        link = make_link(room.pk, by=by, now=min(opened, now - HALF_HOUR))
        if room.starts_at > now:
            continue
        said = []
        for seat in room.taken_seats.filter(released_at__isnull=True).order_by("number"):
            at = min(opened + timedelta(minutes=1 + source.randrange(28)), now)
            kind = CheckInKind.STRANGER if position == stranger else CheckInKind.PRESENT
            if position not in missing or kind == CheckInKind.STRANGER:
                said.append(Said(_key(source), seat.pk, kind, at))
            position += 1
        device = Device(_key(source), PROCTORS[number % len(PROCTORS)])
        merge_check_ins(link.pk, said, device=device, now=min(room.starts_at + timedelta(minutes=5), now))


def rooms_of(batch: ExamBatch) -> Iterable[SessionRoom]:
    return SessionRoom.objects.filter(session__batch=batch).order_by("session__number", "number")


def _key(source: Random) -> UUID:
    return UUID(int=source.getrandbits(128), version=4)


def _grade(batch: ExamBatch, when: datetime) -> None:
    room = next(iter(rooms_of(batch)))
    present = room.taken_seats.filter(check_ins__isnull=False).order_by("number").values_list("entry_id", flat=True)
    results = []
    for position, entry_id in enumerate(present):
        score = Decimal(SCORES[position % len(SCORES)])
        results.append(Result(entry_id, EntryState.PASSED if score >= 60 else EntryState.FAILED, score))
    record_results(results, by=staff(Duty.ORGANISE), now=when)


def _excuse(batch: ExamBatch, when: datetime) -> None:
    seat = unseen(batch)
    filer = actor_of(seat.entry.person.user) if seat.entry.person.user is not None else None
    if filer is None:
        raise ValueError("candidates of the demonstration have logins")
    file_excuse(
        entry_id=seat.entry_id,
        reason="考试当天早上发高烧住院，附住院证明（演示）。",
        upload=scan("住院证明"),
        actor=filer,
        now=when,
    )


def unseen(batch: ExamBatch) -> ExamSeat:
    """Answers the first who was not checked in."""
    seats = ExamSeat.objects.filter(entry__batch=batch, check_ins__isnull=True, released_at__isnull=True)
    ordered = seats.select_related("entry__person__user__office")
    return ordered.order_by("session_room__session__number", "session_room__number", "number")[0]


def live_link(batch: ExamBatch) -> CheckInLink:
    links = CheckInLink.objects.filter(session_room__session__batch=batch, revoked_at__isnull=True)
    return links.order_by("session_room__session__number", "session_room__number")[0]


def open_ones(context: DemoContext, groups: Groups) -> None:
    """Fills the batch that has one place, and adds newly hired people to the one with many."""
    enter(ExamBatch.objects.get(name=FULL), groups, context.now, limit=1, region=CAPITAL)
    current = ExamBatch.objects.get(name=OPEN)
    enter_some(current, groups, context.now - timedelta(days=1), of_each=3, region=CAPITAL)
    approve(current.entries.order_by("pk")[:3], context.now)


@demo_builder("exam days", order=92)
def build_exam_days(context: DemoContext) -> None:
    groups = hired_groups(context.hired)
    today(context, groups)
    after(context, groups)
    before(context, groups)
    open_ones(context, groups)
