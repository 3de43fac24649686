"""Keeps what an import will do, or did, row by row, and a digest of it by which a confirmation says what was shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import Model

from administration.enums import RowOutcome
from common.dates import chinese_date
from common.tabular.row import Row

_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Change:
    """Holds one field as people read it, before and after; `before` is blank for what is new."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Holds the stored values by field, before (empty for what is new) and after, by which a row is taken back."""

    before: Mapping[str, object]
    after: Mapping[str, object]

    def as_json(self) -> dict[str, dict[str, object]]:
        return {"before": plain_values(self.before), "after": plain_values(self.after)}


def plain_values(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value if isinstance(value, str | bool | int | None) else _text(value) for name, value in values.items()
    }


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Line:
    """`position` orders the rows through all sheets of the file; it is 0 for what the file lacks."""

    position: int
    place: str
    outcome: RowOutcome
    subject: str
    changes: Sequence[Change] = ()
    effect: str = ""
    object_type: str = ""
    object_id: int | None = None
    trace: Trace | None = None


@dataclass
class Plan:
    """The digest does not depend on the order of the lines, nor on ids, which a rolled back transaction gives anew."""

    lines: list[Line] = field(default_factory=list)
    _sum: int = 0

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.note(line.position, line.outcome, line.subject, line.effect, *(_texts(line.changes)))

    def note(self, *parts: object) -> None:
        """Counts something into the digest without keeping a line."""
        said = "\x1f".join(str(part) for part in parts)
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(said.encode()).digest())) % _MODULUS

    @property
    def digest(self) -> str:
        return f"{self._sum:064x}"


def _texts(changes: Sequence[Change]) -> list[str]:
    return [part for one in changes for part in (one.title, one.before, one.after)]


def shown(value: object) -> str:
    """Writes a value as the preview shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return chinese_date(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def changes_of(
    titles: Mapping[str, str], before: Mapping[str, object] | None, after: Mapping[str, object]
) -> list[Change]:
    """Answers the fields that differ, or for something new (`before` is None) those that are filled."""
    pairs = ((title, shown((before or {}).get(name)), shown(after.get(name))) for name, title in titles.items())
    return [Change(title, old, new) for title, old, new in pairs if old != new]


def line_of(
    row: Row,
    outcome: RowOutcome,
    one: Model,
    subject: str,
    changes: Sequence[Change],
    effect: str,
    trace: Trace | None,
) -> Line:
    return Line(row.number, row.place, outcome, subject, tuple(changes), effect, one._meta.label_lower, one.pk, trace)
