"""Says for an office which courses of continuing education a person has on record."""

from __future__ import annotations

from accounts.models import Person
from common.dates import chinese_date
from workflow.actors import Actor
from workflow.selectors.person_facts import PERSON_FACTS, Line, PersonFact

from .selectors import records_of

SHOWN = 5


def courses(person: Person, actor: Actor) -> PersonFact:
    records = records_of([person.id_number_index]).get(person.id_number_index, [])
    latest = sorted(records, key=lambda one: (one.ends_on, one.pk), reverse=True)[:SHOWN]
    lines = [
        Line(f"{one.hours.normalize():f} 学时", note=f"{chinese_date(one.ends_on)}，{one.course}") for one in latest
    ]
    return PersonFact("继续教育", lines, "没有记录", folded=True)


PERSON_FACTS.register("training", courses, order=30)
