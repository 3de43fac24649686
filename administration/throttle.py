"""Limits how often one address may ask, in fixed windows counted in the database, so that all processes count together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from common.encryption import blind_index
from common.web.middleware import networks_of

from .models import RequestCount


@dataclass(frozen=True)
class Limit:
    name: str
    times: int
    window: timedelta = timedelta(minutes=10)


def seconds_to_wait(limit: Limit, address: str, *, times: int = 1, now: datetime | None = None) -> int:
    """Counts this request of an address (or of any other source that is named alike). Answers 0 if it may go on, else
    the seconds until it may. One that asks for several things at once counts as so many `times`.
    """
    now = now or timezone.now()
    since = _window(limit, now)
    if _count(limit.name, blind_index(networks_of(address)[0], "throttle"), since, times) <= limit.times:
        return 0
    return max(1, int((since + limit.window - now).total_seconds()))


def _window(limit: Limit, now: datetime) -> datetime:
    """Answers when the present window began."""
    length = int(limit.window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // length * length, UTC)


def give_back(limit: Limit, address: str, *, times: int = 1, now: datetime | None = None) -> None:
    """Takes back the count of a request that turned out not to be a try."""
    RequestCount.objects.filter(
        scope=limit.name,
        source=blind_index(networks_of(address)[0], "throttle"),
        since=_window(limit, now or timezone.now()),
        times__gte=times,
    ).update(times=F("times") - times)


def forget_counts(*, now: datetime | None = None) -> int:
    """Deletes windows of the past; answers how many rows."""
    return RequestCount.objects.filter(since__lt=(now or timezone.now()) - timedelta(days=1)).delete()[0]


def _count(scope: str, source: str, since: datetime, by: int) -> int:
    """Counts by one statement, so that two requests at once are both counted."""
    table = RequestCount._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS known (scope, source, since, times) VALUES (%s, %s, %s, %s) "  # noqa: S608
            "ON CONFLICT (scope, source, since) DO UPDATE SET times = known.times + excluded.times RETURNING times",
            [scope, source, since, by],
        )
        (times,) = cursor.fetchone()
    return int(times)
