"""Makes and ends the links by which a room's proctor opens the check-in page, and finds a link by its token."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from common.encryption import blind_index
from common.findings import Finding, Refused
from exams.enums import BatchStatus
from exams.models import CheckInLink, SessionRoom
from exams.permissions import is_results_of
from workflow.actors import Actor
from workflow.services.auditing import author_of
from workflow.services.locking import lock_rows

PURPOSE = "exam_check_in"
TOKEN_BYTES = 24
"""They make 32 characters that nobody guesses."""


@transaction.atomic
def make_link(session_room_id: int, *, by: Actor, now: datetime | None = None) -> CheckInLink:
    """A new link ends the former one of the room. Raises Refused."""
    now = now or utc_now()
    room = _locked(session_room_id, by)
    if findings := _why_not(room, now):
        raise Refused(*findings)
    _end(room, by, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = CheckInLink.objects.create(
        session_room=room,
        token=token,
        token_index=token_index_of(token),
        created_at=now,
        created_by_id=by.user_id,
    )
    _audit("exam_check_in.link", room, by)
    return link


@transaction.atomic
def revoke_link(session_room_id: int, *, by: Actor, now: datetime | None = None) -> bool:
    """Answers whether there was one. From this moment nothing is taken from the devices that have opened it."""
    room = _locked(session_room_id, by)
    was_there = _end(room, by, now or utc_now())
    if was_there:
        _audit("exam_check_in.revoke", room, by)
    return was_there


def token_index_of(token: str) -> str:
    return blind_index(token, PURPOSE)


def _locked(session_room_id: int, by: Actor) -> SessionRoom:
    lock_rows(SessionRoom, [session_room_id])
    room = SessionRoom.objects.select_related("session__batch__organiser", "room__site").get(pk=session_room_id)
    if not is_results_of(by, room.session.batch):
        raise Refused(Finding("check_in.not_yours", "签到由这个批次的考试机构安排"))
    return room


def _why_not(room: SessionRoom, now: datetime) -> list[Finding]:
    batch = room.session.batch
    findings = []
    if batch.status != BatchStatus.ANNOUNCED:
        findings.append(Finding("check_in.not_held", f"该批次{batch.get_status_display()}，没有签到"))
    if room.released_at is not None:
        findings.append(Finding("check_in.released", "这个考场不再使用，没有签到"))
    if CheckInLink.closes(room) <= now:
        findings.append(Finding("check_in.over", "这场考试已经结束，不能再生成签到链接"))
    return findings


def _end(room: SessionRoom, by: Actor, now: datetime) -> bool:
    live = CheckInLink.objects.filter(session_room=room, revoked_at__isnull=True)
    return bool(live.update(revoked_at=now, revoked_by_id=by.user_id))


def _audit(action: str, room: SessionRoom, by: Actor) -> None:
    detail: dict[str, object] = {
        "batch": room.session.batch.name,
        "room": f"{room.session}{room}",
        "acting_for": by.acting_for,
    }
    record_audits(action, [(SessionRoom._meta.label_lower, room.pk, detail)], by=author_of(by))
