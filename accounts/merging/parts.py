"""Lists what hangs on a person's record, and how each part follows when two records are made into one.

Every app declares its parts in `record_parts`; a test asks for each foreign key to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import CharField, Exists, ForeignKey, Model, OuterRef, QuerySet

from accounts.models import Person
from administration.models import Mailbox
from common.findings import Finding
from common.registry import Registry

BuiltOn = Callable[[Collection[int], datetime], dict[int, str]]


@dataclass(frozen=True)
class Part:
    """One column by which rows belong to a person: a foreign key, a mailbox, or the blind index of the ID number.

    `stays` says why the rows remain with the record that they were written for; where it is blank they follow. A row
    stays too if the other record has one that agrees with it in `twins`, as far as both fit `twins_where`.
    `built_on` maps a row to what has been built on it since, so that it cannot go back.
    """

    key: str
    title: str
    stays: str = ""
    name: Callable[[Any], str] | None = None
    related: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    twins_where: Mapping[str, object] = field(default_factory=dict)
    built_on: BuiltOn | None = None

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.key.rpartition(".")[0])

    @property
    def column(self) -> str:
        return self.key.rpartition(".")[2]

    def value_of(self, person: Person) -> object:
        column = self.model._meta.get_field(self.column)
        if isinstance(column, ForeignKey):
            return person.mailbox_id if column.related_model is Mailbox else person.pk
        if isinstance(column, CharField):
            return person.id_number_index
        raise TypeError(f"{self.key} is no key of a person")

    def rows_of(self, person: Person) -> QuerySet[Any]:
        value = self.value_of(person)
        rows = self.model._default_manager.order_by("pk")
        return rows.none() if value is None else rows.filter(**{self.column: value})

    def following(self, gone: Person, kept: Person) -> QuerySet[Any]:
        """Answers the rows of one record that go to the other."""
        rows = self.rows_of(gone)
        if self.stays or self.value_of(kept) is None:
            return rows.none()
        if self.twins:
            same = self.model._default_manager.filter(**{self.column: self.value_of(kept)}, **self.twins_where)
            twice = Exists(same.filter(**{name: OuterRef(name) for name in self.twins}))
            rows = rows.exclude(twice, **self.twins_where)
        return rows


PARTS: Registry[Part] = Registry("part of a person's record")
"""They are taken in the order in which the whole system locks: enterprises, applications, certificates."""

Conflict = Callable[[Person, Person], list[Finding]]
CONFLICTS: Registry[Conflict] = Registry("conflict of two records")
"""Each answers by the record that stays and the one that goes; a blocking finding refuses the merge, others are shown."""


def declare_part(key: str, title: str, *, order: int, **more: Any) -> Part:
    return PARTS.register(key, Part(key, title, **more), order=order)
