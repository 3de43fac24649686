"""Reads policy parameters with their history, for pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from administration.models import Parameter
from administration.parameters.declaration import Declared
from administration.parameters.declared import DECLARED


@dataclass(frozen=True)
class ParameterRow:
    """The state is coming, present or past."""

    row: Parameter
    words: str
    state: str


@dataclass(frozen=True)
class ParameterSheet:
    """The newest of `history` comes first; values to come are included."""

    declared: Declared
    history: list[ParameterRow]

    @property
    def present(self) -> ParameterRow | None:
        return next((one for one in self.history if one.state == "present"), None)

    @property
    def coming(self) -> list[ParameterRow]:
        """Answers values to come, the earliest first."""
        return [one for one in reversed(self.history) if one.state == "coming"]


def parameter_sheets(keys: Iterable[str] | None = None, *, on: date) -> list[ParameterSheet]:
    """Reads the parameters by one query, in the order of declaration."""
    wanted = [DECLARED[key] for key in (DECLARED if keys is None else keys)]
    rows: dict[str, list[Parameter]] = defaultdict(list)
    for row in Parameter.objects.filter(key__in=[one.key for one in wanted]).order_by("key", "-effective_from"):
        rows[row.key].append(row)
    return [ParameterSheet(declared, _history(declared, rows[declared.key], on)) for declared in wanted]


def _history(declared: Declared, rows: Iterable[Parameter], on: date) -> list[ParameterRow]:
    history, state = [], "coming"
    for row in rows:
        if row.effective_from <= on:
            state = "past" if state != "coming" else "present"
        history.append(ParameterRow(row, declared.in_words(row.value), state))
    return history


def parameter_row(key: str, pk: int) -> Parameter | None:
    return Parameter.objects.filter(pk=pk, key=key).first()
