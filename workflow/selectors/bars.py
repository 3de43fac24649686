"""Reads bars in force. A bar belongs to the person, so a corrected ID number changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils.timezone import localdate

from common.dates import chinese_date
from common.findings import Finding

from ..enums import BarScope
from ..models import Bar


def bars_in_force(person_ids: Collection[int], *, on: date | None = None) -> dict[int, list[Bar]]:
    """Maps a person to their bars, the longest first, in one query."""
    found: dict[int, list[Bar]] = defaultdict(list)
    for bar in in_force(person_ids, on=on):
        found[bar.person_id].append(bar)
    return dict(found)


def in_force(person_ids: Collection[int], *, on: date | None = None) -> QuerySet[Bar]:
    rows = Bar.objects.filter(person__in=person_ids, lifted_at__isnull=True, ends_on__gte=on or localdate())
    return rows.order_by("-ends_on", "pk")


def longest(bars: Iterable[Bar]) -> list[Bar]:
    """Answers the bar of each scope that ends last."""
    kept: dict[str, Bar] = {}
    for bar in bars:
        known = kept.get(bar.scope)
        if known is None or bar.ends_on > known.ends_on:
            kept[bar.scope] = bar
    return list(kept.values())


def in_words(bar: Bar) -> str:
    """An example is 2027年11月22日（含）前不得参加考试报名."""
    return f"{chinese_date(bar.ends_on)}（含）前不得{BarScope(bar.scope).label}"


def bars_caused_by(causes: Collection[str], *, on: date | None = None) -> dict[str, str]:
    """Maps a cause to the words of the bar in force that came from it, in one query."""
    rows = Bar.objects.filter(cause__in=causes, lifted_at__isnull=True, ends_on__gte=on or localdate())
    return {bar.cause: in_words(bar) for bar in rows.order_by("pk")}


def bars_in_words(bars: Iterable[Bar]) -> list[Finding]:
    """Answers the bars in force of one person, each with its end and its ground, for their own pages."""
    return [
        Finding(
            f"bar.{bar.scope}",
            in_words(bar),
            f"依据：{bar.source}{f'（{bar.document_number}）' if bar.document_number else ''}。"
            "对决定不服的，可以依法申请行政复议或者提起行政诉讼。",
            facts={"until": bar.ends_on},
        )
        for bar in longest(bars)
    ]


def bars_of_person(person_id: int) -> list[Finding]:
    return bars_in_words(in_force([person_id]))
