"""Lets whoever filed an application ask the desk that has it to go on: once for each desk and day, settled by the database."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.parameters.book import ParameterBook
from administration.reminders import Reminder, claim
from common.findings import Finding, Refused
from workflow.actors import Actor
from workflow.enums import Action
from workflow.permissions import why_not_urged

from .locking import lock_applications
from .transitions import Transitions

TODAY_ALREADY = Finding("workflow.urged", "今天已经催办过", "对方已收到提醒，明天还没有办理的可以再催一次。")


@transaction.atomic
def urge(application_id: int, *, actor: Actor, now: datetime | None = None) -> None:
    """The record keeps that it was asked. Raises `Refused`."""
    now = now or utc_now()
    (application,) = lock_applications([application_id])
    if sentence := why_not_urged(actor, application):
        raise Refused(Finding("workflow.not_urged", sentence))
    if not claim([Reminder(f"urge.{application.desk}", application.pk, localdate(now), 0)]):
        raise Refused(TODAY_ALREADY)
    transitions = Transitions(actor, now, ParameterBook.load())
    transitions.tell_holder(application, "催办", "申请人请您尽快办理。")
    transitions.record(application, Action.REMIND, desk=application.desk, comment="申请人催办")
    transitions.write([application])
