"""Finds courses of one person on the same days, so that the hours of one day are not counted twice unasked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from common.dates import chinese_date
from common.findings import Finding

CODE = "training.overlapping"


class OnDays(Protocol):
    """Is a record that is stored or is about to be."""

    @property
    def id_number_index(self) -> str: ...
    @property
    def course(self) -> str: ...
    @property
    def institution_name(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...


class Days:
    """Knows on which days whom a course occupies. Courses for different certificates never count together."""

    def __init__(self, records: Iterable[OnDays]) -> None:
        self._of: dict[str, list[OnDays]] = defaultdict(list)
        for record in records:
            self.take(record)

    def take(self, record: OnDays) -> None:
        self._of[record.id_number_index].append(record)

    def taken_by(self, record: OnDays) -> OnDays | None:
        """Answers another course on one of its days, the earliest."""
        found = [one for one in self._of[record.id_number_index] if _on_same_days(one, record)]
        return min(found, key=lambda one: (one.starts_on, one.course), default=None)


def _on_same_days(one: OnDays, other: OnDays) -> bool:
    counts_together = "" in (one.category, other.category) or one.category == other.category
    return counts_together and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def in_words(other: OnDays) -> str:
    return (
        f"{chinese_date(other.starts_on)}至{chinese_date(other.ends_on)}的“{other.course}”（{other.institution_name}）"
    )


def overlapping(other: OnDays) -> Finding:
    return Finding(
        CODE,
        "这几天已有另一门课程的记录",
        f"与{in_words(other)}日期重叠，同一天的学时不能重复计算。确实都参加了的，请填写“日期重叠说明”。",
    )
