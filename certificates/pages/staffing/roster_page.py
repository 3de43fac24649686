"""Lists who holds which certificate on a page to print: the roster of an enterprise as of today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from certificates.models import Certificate
from certificates.pages.roster import Roster
from employment.models import Employment


@dataclass(frozen=True)
class RosterLine:
    """`number` counts people: it is 0 on each further line of the same person."""

    number: int
    employment: Employment
    certificate: Certificate | None


def roster_lines(enterprise_id: int, today: date) -> list[RosterLine]:
    """Answers a line for each certificate in force of who is employed here, by name; who has none has an empty line."""
    roster = Roster(enterprise_id, today)
    held: dict[int, list[Certificate]] = {}
    for one in roster.certificates.filter(person__in=list(roster.jobs)).order_by("category", "pk"):
        held.setdefault(one.person_id, []).append(one)
    employed = roster.employed.prefetch_related("person")
    people = sorted(employed, key=lambda job: (job.person.name, job.pk))
    return list(_lines(people, held))


def _lines(people: list[Employment], held: dict[int, list[Certificate]]) -> Iterator[RosterLine]:
    for number, job in enumerate(people, 1):
        certificates: list[Certificate | None] = [*held.get(job.person_id, [])]
        for place, certificate in enumerate(certificates or [None]):
            yield RosterLine(0 if place else number, job, certificate)
