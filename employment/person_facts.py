"""Says for an office where a person works, and where they have worked."""

from __future__ import annotations

from accounts.models import Person
from common.dates import chinese_date
from workflow.actors import Actor
from workflow.selectors.person_facts import PERSON_FACTS, Line, PersonFact

from .models import Employment

SHOWN = 5


def employments(person: Person, actor: Actor) -> PersonFact:
    rows = Employment.objects.filter(person=person).select_related("enterprise").order_by("-started_at", "-pk")
    return PersonFact("聘用", [_line(one) for one in rows[:SHOWN]], "没有登记聘用关系")


def _line(employment: Employment) -> Line:
    since = chinese_date(employment.started_at)
    until = f"至{chinese_date(employment.ended_at)}，已解除" if employment.ended_at else "起"
    return Line(employment.enterprise.name, note=f"{employment.post_labels}，{since}{until}")


PERSON_FACTS.register("employment", employments, order=10)
