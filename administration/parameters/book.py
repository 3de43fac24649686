"""Answers the values of all policy parameters, and records which of them were used for what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from administration.models import Parameter

from .declared import DECLARED

Version = list[object]


class UnknownParameter(LookupError):
    """The key is not declared, or has no value on that day; this is an error of ours, not of the user."""


class ParameterBook:
    """Holds all parameters with all their dates, read by one query."""

    def __init__(self, rows: Iterable[Parameter]) -> None:
        self._rows: dict[str, list[Parameter]] = defaultdict(list)
        for row in rows:
            self._rows[row.key].append(row)
        for values in self._rows.values():
            values.sort(key=lambda row: row.effective_from, reverse=True)
        self._about: Hashable = None
        self._used: dict[Hashable, dict[str, list[Version]]] = defaultdict(lambda: defaultdict(list))

    @classmethod
    def load(cls) -> ParameterBook:
        return cls(Parameter.objects.all())

    @contextmanager
    def noting(self, about: Hashable) -> Iterator[None]:
        """Notes what is asked inside the block for this one application, because the cases of a batch differ in their
        days.
        """
        before, self._about = self._about, about
        try:
            yield
        finally:
            self._about = before

    def used_for(self, about: Hashable) -> dict[str, list[Version]]:
        """Maps a key to its versions by their day, for this application and for its batch as a whole. There is more
        than one where the day of filing and the day of the check lie on two sides of a change.
        """
        merged: dict[str, list[Version]] = {}
        for used in (self._used.get(None, {}), self._used.get(about, {})):
            for key, versions in used.items():
                known = merged.setdefault(key, [])
                known += [version for version in versions if version not in known]
                known.sort(key=lambda version: str(version[1]))
        return merged

    def row(self, key: str, on: date) -> Parameter:
        if key not in DECLARED:
            raise UnknownParameter(key)
        for row in self._rows[key]:
            if row.effective_from <= on:
                self._note(row)
                return row
        raise UnknownParameter(f"{key} has no value on {on}")

    def _note(self, row: Parameter) -> None:
        versions = self._used[self._about][row.key]
        version: Version = [row.value, row.effective_from.isoformat(), row.document_number]
        if version not in versions:
            versions.append(version)

    def integer(self, key: str, on: date) -> int:
        return int(self.row(key, on).value)

    def text(self, key: str, on: date) -> str:
        return str(self.row(key, on).value)
