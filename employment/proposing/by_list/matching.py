"""Finds the people of a list by their numbers, as far as the limits of looking people up allow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from accounts.models import Person
from accounts.people.numbers import PresentNumbers
from administration.audit.services import Author, record_audits
from administration.lookups import limits
from administration.lookups.limits import Asker
from employment.proposing.selectors import proposals_of
from employment.selectors import people_of
from enterprises.models import Enterprise

from .reading import GivenLine

AGAIN, UNKNOWN, OTHER_NAME, LATER = "again", "unknown", "name", "later"
"""Verdicts about rows that name nobody who may be proposed to."""


def matched(
    lines: Sequence[GivenLine], enterprise: Enterprise, *, asker: Asker, by: Author, now: datetime
) -> list[GivenLine]:
    """Gives each row its person or a verdict. Must not run in a transaction that is rolled back.

    The enterprise's own people, and whoever it has proposed to, are no secret to it and are not counted.
    """
    present = PresentNumbers()
    indexes = [present.index_of(line.number) if line.number and not line.problems else "" for line in lines]
    wanted = list(dict.fromkeys(filter(None, indexes)))
    known = _known_people(enterprise, wanted)
    strange = [index for index in wanted if index not in known]
    asked = strange[: limits.ask_for_list(asker, len(strange), now=now)]
    known |= _registered(asked)
    result, seen = [], set[str]()
    for line, index in zip(lines, indexes, strict=True):
        result.append(_judged(line, known.get(index), is_again=index in seen, is_late=index in strange[len(asked) :]))
        seen |= {index} if index else set()
    found = {line.person_id for line in result}
    _note([known[index] for index in asked if index in known and known[index].pk in found], by)
    if misses := sum(known.get(index) is None or known[index].pk not in found for index in asked):
        limits.missed(asker, now=now, times=misses)
    return result


def _known_people(enterprise: Enterprise, indexes: Collection[str]) -> dict[str, Person]:
    own = people_of(enterprise).filter(id_number_index__in=indexes).order_by("pk")
    waiting = proposals_of(enterprise.pk, is_open=True).filter(person__id_number_index__in=indexes).order_by("pk")
    people = [*own, *(application.person for application in waiting if application.person is not None)]
    return {person.id_number_index: person for person in people}


def _registered(indexes: Collection[str]) -> dict[str, Person]:
    """Only people registered by real name can be employed."""
    rows = Person.objects.filter(id_number_index__in=indexes, registered_at__isnull=False).order_by("pk")
    return {person.id_number_index: person for person in rows if person.is_registered}


def _judged(line: GivenLine, person: Person | None, *, is_again: bool, is_late: bool) -> GivenLine:
    if line.problems:
        return line
    if is_again:
        return replace(line, verdict=AGAIN)
    if is_late:
        return replace(line, verdict=LATER)
    if person is None:
        return replace(line, verdict=UNKNOWN)
    if line.name != person.name:
        return replace(line, verdict=OTHER_NAME)
    return replace(line, person_id=person.pk)


def _note(people: Sequence[Person], by: Author) -> None:
    detail: dict[str, object] = {"list": True}
    record_audits("find_person", [(Person._meta.label_lower, person.pk, detail) for person in people], by=by)
