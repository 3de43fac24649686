"""Reads alarms about unusual lookups by ID number, and the logins behind them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from administration.models import LookupAlarm


def alarms(*, with_seen: bool) -> QuerySet[LookupAlarm]:
    return LookupAlarm.objects.all() if with_seen else LookupAlarm.objects.filter(seen_at=None)


def alarm_by_id(pk: int) -> LookupAlarm:
    """Raises Http404."""
    return get_object_or_404(LookupAlarm, pk=pk)


def login_that_asked(alarm: LookupAlarm) -> User | None:
    """Answers None if a machine or a stranger asked, or the login does not exist any more."""
    return User.objects.filter(pk=alarm.user_id).first() if alarm.user_id else None
