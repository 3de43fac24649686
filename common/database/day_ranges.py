"""Filters times by days, as people name them: both days count."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from common.dates import midnight


def on_days(field: str, since: date | None, until: date | None) -> Q:
    """Takes the name of a field of times. None leaves its side open."""
    found = Q()
    if since is not None:
        found &= Q(**{f"{field}__gte": midnight(since)})
    if until is not None:
        found &= Q(**{f"{field}__lt": midnight(until + timedelta(days=1))})
    return found
