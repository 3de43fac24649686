"""Offices decide about many cases of one kind in the statements of one, whatever the kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.clock import Clock
from tests.worlds import WORLDS
from tests.worlds.base import NOW, World
from workflow.business import business_of, businesses
from workflow.enums import Action, Desk
from workflow.models import Application
from workflow.services.acting import act, act_many

pytestmark = pytest.mark.django_db
OFFICES = (Desk.ORGANISER, Desk.COUNTER, Desk.MUNICIPAL, Desk.PROVINCIAL)
NEVER_IN_BULK = {
    "employment_end": "it ends with the enterprise's answer, and comes to no office in its world",
    "employment_start": "its only office looks at originals, one case after the other",
    "employment_renewal": "its only office looks at originals, one case after the other",
}

KINDS = [business.kind for business in businesses() if business.kind not in NEVER_IN_BULK]


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def decided_alone(kind: str, desk: str) -> bool:
    """Originals are looked at one case after the other (`test_every_business.py`)."""
    step = business_of(kind).step_at(desk)
    return step is not None and bool(step.originals)


def go_on_until(world: World, application: Application, is_there: Callable[[], bool]) -> None:
    while application.is_open and not is_there():
        detail = world.originals(application)
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), detail=detail, now=NOW)
        application.refresh_from_db()


@pytest.mark.parametrize("kind", KINDS)
def test_many_take_the_statements_of_one(kind: str, count_queries: Callable[[Callable[[], object]], int]) -> None:
    first = WORLDS[kind]()
    worlds = [first, *(WORLDS[kind](first.province) for _ in range(2))]
    cases = [(world, world.file()) for world in worlds]
    compared: list[str] = []
    for desk in OFFICES:
        for world, application in cases:
            go_on_until(
                world,
                application,
                lambda one=application, desk=desk: one.desk == desk or _is_behind(one, desk),  # type: ignore[misc]
            )
        waiting = [(world, one) for world, one in cases if one.is_open and one.desk == desk]
        if decided_alone(kind, desk) or len(waiting) != len(cases):
            continue
        counts = [decide(part, count_queries) for part in (waiting[:1], waiting[1:])]
        assert counts[0] == counts[1], (desk, counts)
        for _, application in waiting:
            application.refresh_from_db()
            assert application.desk != desk or not application.is_open
        compared.append(desk)
    assert compared


def decide(part: list[tuple[World, Application]], count_queries: Callable[[Callable[[], object]], int]) -> int:
    world, application = part[0]
    ids, actor = [one.pk for _, one in part], world.holder(application)
    return count_queries(lambda: act_many(ids, action=Action.APPROVE, actor=actor, now=NOW))


def _is_behind(application: Application, desk: str) -> bool:
    return application.desk in OFFICES and OFFICES.index(application.desk) > OFFICES.index(desk)
