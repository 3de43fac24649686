"""Plans the sessions of a batch like those of another one, on its own days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from common.findings import Finding, Refused
from exams.models import ExamBatch, ExamSession
from workflow.actors import Actor

from .plans import Plan
from .selectors import sessions_of, site_offices
from .services import create_session


@dataclass
class Copied:
    """`left_out` says of each session that was not copied why."""

    number: int = 0
    left_out: list[Finding] = field(default_factory=list)


def copy_sessions(source: ExamBatch, batch: ExamBatch, *, by: Actor, now: datetime) -> Copied:
    """Each session comes as many days after the first exam day as it did in `source`, at the same time and in the same rooms.

    One that does not fit the new days or whose rooms are taken is left out. It runs in the caller's transaction.
    """
    copied = Copied()
    sessions = list(sessions_of(source))
    if sessions and site_offices(source) != site_offices(batch):
        copied.left_out.append(Finding("exam_session.other_office", "考试机构不同，场次和考场没有照搬"))
        return copied
    later = timedelta(days=(batch.exam_from - source.exam_from).days)
    for session in sessions:
        categories = [one for one in session.categories if one in batch.categories]
        if session.categories and not categories:
            continue
        try:
            create_session(batch.pk, _planned(session, categories, later), by=by, now=now)
        except Refused as refused:
            why = "；".join(one.message for one in refused.findings)
            copied.left_out.append(Finding("exam_session.not_copied", f"{session}没有照搬：{why}"))
        else:
            copied.number += 1
    return copied


def _planned(session: ExamSession, categories: list[str], later: timedelta) -> Plan:
    seats = {one.room_id: min(one.seats, one.room.seats) for one in session.rooms.all()}
    return Plan(session.starts_at + later, session.ends_at + later, categories, seats)
