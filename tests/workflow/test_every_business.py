"""Every registered business through all its desks, returned, rejected, withdrawn: a new file arrives tested.

Each kind has a world in `tests/worlds/<kind>.py`: a case that no rule refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.clock import Clock
from tests.worlds import WORLDS
from tests.worlds.base import NOW, World
from workflow.actors import Actor
from workflow.business import business_of, businesses
from workflow.enums import Action, Desk, Status
from workflow.models import Application, Event
from workflow.permissions import awaiting, holds, why_not
from workflow.services.acting import act, act_many
from workflow.services.filing import resubmit

pytestmark = pytest.mark.django_db
KINDS = [business.kind for business in businesses()]


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def filed(world: World) -> Application:
    return world.file()


def approve(world: World, application: Application) -> None:
    act(
        application.pk,
        action=Action.APPROVE,
        actor=world.holder(application),
        detail=world.originals(application),
        now=NOW,
    )
    application.refresh_from_db()


def approve_until(world: World, application: Application, desk: str) -> None:
    while application.is_open and application.desk != desk:
        approve(world, application)


def waiting_at(kind: str, desk: str) -> tuple[World, Application]:
    world = WORLDS[kind]()
    application = filed(world)
    approve_until(world, application, desk)
    return world, application


def desks_of(world: World) -> list[str]:
    """The desks that this world's case really passes."""
    application = filed(world)
    passed = [application.desk]
    while application.is_open:
        approve(world, application)
        if application.is_open:
            passed.append(application.desk)
    assert application.status == Status.APPROVED
    return passed


@pytest.mark.parametrize("kind", KINDS)
def test_it_passes_every_desk_and_is_approved(kind: str) -> None:
    world = WORLDS[kind]()
    passed = desks_of(world)
    assert passed
    assert Event.objects.filter(action=Action.APPROVE).count() == len(passed)
    world.check_effect()


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_be_rejected_at_every_desk(kind: str) -> None:
    for desk in desks_of(WORLDS[kind]()):
        world, application = waiting_at(kind, desk)
        act(application.pk, action=Action.REJECT, actor=world.holder(application), comment="不符合条件", now=NOW)
        application.refresh_from_db()
        assert (application.status, application.is_open) == (Status.REJECTED, False)


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_be_withdrawn_at_every_desk(kind: str) -> None:
    for desk in desks_of(WORLDS[kind]()):
        world, application = waiting_at(kind, desk)
        act(application.pk, action=Action.WITHDRAW, actor=world.filer, now=NOW)
        application.refresh_from_db()
        assert application.status == Status.WITHDRAWN
        again = filed(world)
        assert again.pk != application.pk


@pytest.mark.parametrize("kind", KINDS)
def test_offices_can_return_it_and_it_comes_back_to_their_desk(kind: str) -> None:
    for desk in (desk for desk in desks_of(WORLDS[kind]()) if desk in (Desk.COUNTER, Desk.MUNICIPAL, Desk.PROVINCIAL)):
        world, application = waiting_at(kind, desk)
        act(application.pk, action=Action.RETURN, actor=world.holder(application), comment="请补充说明", now=NOW)
        application.refresh_from_db()
        assert (application.status, application.desk) == (Status.RETURNED, Desk.FILER)
        resubmit(application.pk, actor=world.filer, now=NOW + timedelta(days=3))
        application.refresh_from_db()
        assert (application.status, application.desk) == (Status.IN_REVIEW, desk)


@pytest.mark.parametrize("kind", KINDS)
def test_permission_and_queue_agree_for_everybody_at_every_desk(kind: str) -> None:
    """The twins: `awaiting(actor)` and `why_not`, over all actors and desks."""
    for desk in desks_of(WORLDS[kind]()):
        world, application = waiting_at(kind, desk)
        held_by = []
        for actor in world.everybody():
            queued = Application.objects.filter(awaiting(actor), pk=application.pk).exists()
            verified = replace(actor, is_verified=True)
            allowed = why_not(verified, Action.APPROVE, application, today=NOW.date()) is None
            assert queued == allowed == holds(actor, application), (actor, desk)
            held_by += [actor] if allowed else []
        assert len(held_by) >= 1


def looks_at_originals(kind: str, desk: str) -> bool:
    step = business_of(kind).step_at(desk)
    return step is not None and bool(step.originals)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if business_of(kind).originals])
def test_originals_are_looked_at_one_case_after_the_other(
    kind: str, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    """Whatever is said of originals in bulk: each row is refused with its reason, in the queries of one."""
    for desk in (desk for desk in desks_of(WORLDS[kind]()) if looks_at_originals(kind, desk)):
        counts = []
        for size in (2, 8):
            world = WORLDS[kind]()
            worlds = [world, *(world.another() for _ in range(size - 1))]
            applications = [filed(one) for one in worlds]
            for one, application in zip(worlds, applications, strict=True):
                approve_until(one, application, desk)
            ids, detail = [application.pk for application in applications], world.originals(applications[0])
            actor: Actor = world.holder(applications[0])

            def decide(
                ids: list[int] = ids, actor: Actor = actor, detail: dict[str, object] = detail, size: int = size
            ) -> None:
                result = act_many(ids, action=Action.APPROVE, actor=actor, detail=detail, now=NOW)
                assert not result.done
                reasons = [finding.code for pk in ids for finding in result.refused[pk]]
                assert reasons == ["originals.one_by_one"] * size

            counts.append(count_queries(decide))
        assert counts[0] == counts[1], desk


@pytest.mark.parametrize("kind", KINDS)
def test_eight_take_the_queries_of_one_at_every_desk(
    kind: str, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    desks = desks_of(WORLDS[kind]())
    for desk in desks:
        if looks_at_originals(kind, desk):
            continue
        counts = []
        for size in (1, 8):
            world = WORLDS[kind]()
            worlds = [world, *(world.another() for _ in range(size - 1))]
            applications = [filed(one) for one in worlds]
            for one, application in zip(worlds, applications, strict=True):
                approve_until(one, application, desk)
            ids = [application.pk for application in applications]
            actor: Actor = world.holder(applications[0])
            if any(one.holder(application) != actor for one, application in zip(worlds, applications, strict=True)):
                break

            def decide(ids: list[int] = ids, actor: Actor = actor, world: World = world) -> None:
                result = act_many(ids, action=Action.APPROVE, actor=actor, now=NOW)
                assert len(result.done) == len(ids), result.refused

            counts.append(count_queries(decide))
        if len(counts) == 2:
            assert counts[0] == counts[1], desk
