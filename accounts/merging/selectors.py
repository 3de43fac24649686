"""Reads two records side by side: what hangs on each, in sets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.enums import CorrectionKind, CorrectionOutcome
from accounts.models import Person, RegisterCorrection

from .parts import PARTS, Part

SHOWN = 8
PARTIES = ("person__user", "other__user", "person__registered_at_office", "other__registered_at_office")


@dataclass(frozen=True)
class Held:
    count: int
    lines: Sequence[str]

    @property
    def more(self) -> int:
        return self.count - len(self.lines) if self.lines else 0


@dataclass(frozen=True)
class Row:
    title: str
    kept: Held
    gone: Held
    stays: str


def side_by_side(kept: Person, gone: Person) -> list[Row]:
    """Leaves out what hangs on neither."""
    rows = [Row(part.title, _held(part, kept), _held(part, gone), part.stays) for part in PARTS]
    return [row for row in rows if row.kept.count or row.gone.count]


def _held(part: Part, person: Person) -> Held:
    rows = part.rows_of(person)
    name = part.name
    if name is None:
        return Held(rows.count(), ())
    shown = list(rows.select_related(*part.related)[: SHOWN + 1])
    count = len(shown) if len(shown) <= SHOWN else rows.count()
    return Held(count, [name(row) for row in shown[:SHOWN]])


def state_of(kept: Person, gone: Person) -> str:
    """Answers a mark of what both records hold, so that a decision rests on what its page has shown."""
    held = [[part.key, *_ids(part, kept), "|", *_ids(part, gone)] for part in PARTS if not part.stays]
    people = [[one.pk, one.name, one.id_number_index, str(one.merged_into_id)] for one in (kept, gone)]
    return hashlib.sha256(json.dumps([people, held]).encode()).hexdigest()[:32]


def _ids(part: Part, person: Person) -> list[int]:
    return list(part.rows_of(person).values_list("pk", flat=True))


def merge_to_undo(person: Person) -> RegisterCorrection | None:
    """Answers the latest merge into this record that nobody has taken back."""
    done = RegisterCorrection.objects.filter(person=person, kind=CorrectionKind.MERGE, outcome=CorrectionOutcome.DONE)
    undone = RegisterCorrection.objects.filter(undoes__in=done, outcome=CorrectionOutcome.DONE).values("undoes")
    return done.exclude(pk__in=undone).select_related(*PARTIES).order_by("-pk").first()
