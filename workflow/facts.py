"""Loads facts that every app may ask for: `facts(persons)[case.person_id]`."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Person
from enterprises.models import Enterprise

from .checks import Case
from .models import Bar
from .selectors.bars import bars_in_force


def persons(cases: Sequence[Case]) -> dict[int, Person]:
    return Person.objects.select_related("registered_at_office").in_bulk(
        {case.person_id for case in cases if case.person_id is not None}
    )


def enterprises(cases: Sequence[Case]) -> dict[int, Enterprise]:
    ids = {case.enterprise_id for case in cases} | {case.former_enterprise_id for case in cases}
    return Enterprise.objects.in_bulk({pk for pk in ids if pk is not None})


def bars(cases: Sequence[Case]) -> dict[int, list[Bar]]:
    """Maps a person to the bars that are not lifted and not over on the day of the check; some of them may start later."""
    people = {case.person_id for case in cases if case.person_id is not None}
    return bars_in_force(people, on=min((case.on for case in cases), default=None))
