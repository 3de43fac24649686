"""Defines what stands on the calendar of deadlines, and puts alike rows of one day together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from common.findings import Cure


class Kind(StrEnum):
    CONFIRM = "confirm"
    CERTIFICATE = "certificate"
    CONTRACT = "contract"
    WINDOW = "window"
    ANSWER = "answer"
    EXAM = "exam"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.CONFIRM: "等本企业确认",
    Kind.CERTIFICATE: "证书到期",
    Kind.CONTRACT: "合同到期",
    Kind.WINDOW: "可以延续了",
    Kind.ANSWER: "等本人回复",
    Kind.EXAM: "考试报名",
}


_PLACES = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Deadline:
    """Is one thing that ends on a day. `who` is written bold between `before` and `what`.

    Without `cure` there is nothing to do, and `detail` says why. Rows of one day and kind with the same `group` are shown
    as one, whose cure is `many`; `persons` are their names then.
    """

    day: date
    kind: Kind
    key: str
    who: str = ""
    before: str = ""
    what: str = ""
    detail: str = ""
    cure: Cure | None = None
    tone: str = "warn"
    mark: str = ""
    group: str = ""
    many: Cure | None = None
    persons: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.mark or self.kind.label

    @property
    def words(self) -> str:
        return f"{self.before}{self.who}{self.what}"

    @property
    def count(self) -> int:
        return max(1, len(self.persons))


def named(names: Mapping[int, str], person_id: int | None) -> str:
    return names.get(person_id or 0, "")


def together(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """Answers the rows in the order of their days; alike ones of a day are one row."""
    groups: dict[tuple[object, ...], list[Deadline]] = {}
    for one in sorted(deadlines, key=lambda one: (one.day, _PLACES[one.kind], one.who, one.key)):
        groups.setdefault((one.day, one.kind, one.group or one.key), []).append(one)
    return [_one_row(rows) for rows in groups.values()]


def _one_row(rows: Sequence[Deadline]) -> Deadline:
    if len(rows) == 1:
        return rows[0]
    names = tuple(dict.fromkeys(row.who for row in rows))
    several = f" 等 {len(rows)} 人" if len(names) == len(rows) else f" 等 {len(rows)} 本"
    return replace(
        rows[0],
        who=names[0],
        what=f"{several}{rows[0].group}",
        cure=rows[0].many or rows[0].cure,
        persons=tuple(row.who for row in rows),
    )
