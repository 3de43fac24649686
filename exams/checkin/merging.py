"""Takes what devices at the door have said, as soon as they have a network: whatever the order, each thing once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.audit.services import Author, record_audits
from common.findings import Finding, Refused
from common.operation.logging import request_id
from exams.enums import CheckInKind
from exams.models import CheckInLink, ExamCheckIn, ExamSeat, SessionRoom
from workflow.services.locking import lock_rows

from .findings import ENDED, REVOKED, TOO_EARLY

AT_MOST = 1_000
"""A device sends so many at once at most, and then the rest."""


@dataclass(frozen=True)
class Said:
    """Is one thing said at the door, with the device's own time."""

    key: uuid.UUID
    seat_id: int
    kind: CheckInKind
    device_at: datetime
    undoes: uuid.UUID | None = None


@dataclass(frozen=True)
class Device:
    """`clock_behind` is what has to be added to the device's time to have ours."""

    key: uuid.UUID
    by_name: str
    clock_behind: timedelta = timedelta(0)


@dataclass
class Merged:
    """A device forgets the `taken`, which are stored now or were before. `elsewhere` are seats of another room."""

    taken: list[uuid.UUID] = field(default_factory=list)
    elsewhere: list[uuid.UUID] = field(default_factory=list)


@transaction.atomic
def merge_check_ins(link_id: int, said: Sequence[Said], *, device: Device, now: datetime | None = None) -> Merged:
    """Raises Refused where the link has ended; then nothing is taken, and the device keeps what it has."""
    now = now or utc_now()
    (link,) = lock_rows(CheckInLink, [link_id])
    room = SessionRoom.objects.select_related("session__batch").get(pk=link.session_room_id)
    if finding := why_not_merge(link, room, now):
        raise Refused(finding)
    said = said[:AT_MOST]
    here = set(
        ExamSeat.objects.filter(session_room=room, pk__in={one.seat_id for one in said}).values_list("pk", flat=True)
    )
    known = set(ExamCheckIn.objects.filter(key__in=[one.key for one in said]).values_list("key", flat=True))
    fresh = {one.key: one for one in reversed(said) if one.seat_id in here and one.key not in known}
    opens = CheckInLink.opens(room)
    rows = [_row(one, link, device, opens, now) for one in reversed(fresh.values())]
    # Another link may have brought the same key a moment ago.
    ExamCheckIn.objects.bulk_create(rows, ignore_conflicts=True)
    _audit(rows, room, device)
    taken = {*known, *fresh}
    return Merged([one.key for one in said if one.key in taken], [one.key for one in said if one.key not in taken])


def why_not_merge(link: CheckInLink, room: SessionRoom, now: datetime) -> Finding | None:
    if link.revoked_at is not None:
        return REVOKED
    if now < CheckInLink.opens(room):
        return TOO_EARLY
    return ENDED if now > CheckInLink.merges_until(room) else None


def _row(one: Said, link: CheckInLink, device: Device, opens: datetime, now: datetime) -> ExamCheckIn:
    """A moment at which nobody could check in is that of the arrival.

    It lies in the future, or before the room opened: the device's clock was set between the check-in and the sending.
    """
    at = one.device_at + device.clock_behind
    return ExamCheckIn(
        key=one.key,
        seat_id=one.seat_id,
        link=link,
        kind=one.kind,
        undoes=one.undoes,
        device=device.key,
        by_name=device.by_name,
        at=at if opens <= at <= now else now,
        device_at=one.device_at,
        received_at=now,
    )


def _audit(rows: Collection[ExamCheckIn], room: SessionRoom, device: Device) -> None:
    if not rows:
        return
    detail: dict[str, object] = {
        "batch": room.session.batch.name,
        "room": f"{room.session}{room}",
        "count": len(rows),
        "device": str(device.key),
    }
    author = Author(None, device.by_name, "", request_id.get()[:40])
    record_audits("exam_check_in.merge", [(SessionRoom._meta.label_lower, room.pk, detail)], by=author)
