"""Sends each reminder once, however often its job runs and however many run it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True)
class Reminder:
    """Reminds that something ends: the thing, its end, and how many days before the reminder is sent."""

    kind: str
    object_id: int
    ends_on: date
    days: int


def bucket(days_left: int, steps: Iterable[int]) -> int | None:
    """Answers the nearest step not yet passed with so many days left; None before the first."""
    return min((step for step in steps if days_left <= step), default=None)


def claim(reminders: Sequence[Reminder]) -> set[Reminder]:
    """Answers those that nobody has sent before; the caller sends them in this transaction.

    A second runner waits for the first one's commit and then finds them taken.
    """
    if not reminders:
        return set()
    ordered = sorted(set(reminders), key=lambda one: (one.kind, one.object_id, one.ends_on, one.days))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO administration_sentreminder (kind, object_id, ends_on, days, sent_at)
            SELECT kind, object_id, ends_on, days, now()
            FROM unnest(%s::text[], %s::bigint[], %s::date[], %s::smallint[]) AS new (kind, object_id, ends_on, days)
            ON CONFLICT DO NOTHING RETURNING kind, object_id, ends_on, days
            """,
            [
                [one.kind for one in ordered],
                [one.object_id for one in ordered],
                [one.ends_on for one in ordered],
                [one.days for one in ordered],
            ],
        )
        return {Reminder(*row) for row in cursor.fetchall()}
