"""Collects what an office should know of the person a case is about; apps to the right add what they know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Person
from common.dates import chinese_date
from common.registry import Registry
from workflow.permissions import visible

from ..actors import Actor
from ..business import business_of
from ..enums import Status
from ..models import Application
from .bars import in_force, in_words, longest

SHOWN = 5


@dataclass(frozen=True)
class Line:
    """`url_name` is "" where there is nothing to follow, or the reader may not follow it."""

    words: str
    url_name: str = ""
    argument: Any = None
    note: str = ""


@dataclass(frozen=True)
class PersonFact:
    """`none` is said where there is no line. What is `folded` is looked up now and then only."""

    label: str
    lines: Sequence[Line] = field(default_factory=tuple)
    none: str = "无"
    folded: bool = False


PERSON_FACTS: Registry[Callable[[Person, Actor], PersonFact]] = Registry("fact about a person for an office")
"""Each asks a constant number of queries. They are declared in modules `person_facts`, which are found by themselves."""


def facts_about(person: Person, actor: Actor, *, besides: int) -> list[PersonFact]:
    """`besides` is the case on whose page they stand."""
    return [*(ask(person, actor) for ask in PERSON_FACTS), _bars(person), _cases(person, actor, besides)]


def _bars(person: Person) -> PersonFact:
    bars = longest(in_force([person.pk]))
    return PersonFact("限制", [Line(in_words(one), note=one.source) for one in bars])


def _cases(person: Person, actor: Actor, besides: int) -> PersonFact:
    """Answers the latest cases of the person that the reader may open."""
    own = Application.objects.filter(visible(actor), person=person).exclude(pk=besides).exclude(status=Status.DRAFT)
    lines = [
        Line(
            f"{business_of(one.kind).title} {one.number}",
            "workflow:review",
            one.number,
            f"{one.get_status_display()}{_day(one)}",
        )
        for one in own.order_by("-pk")[:SHOWN]
    ]
    return PersonFact("其他办件", lines, "只有这一件", folded=True)


def _day(application: Application) -> str:
    at = application.closed_at or application.first_submitted_at
    return f"，{chinese_date(at)}" if at else ""
