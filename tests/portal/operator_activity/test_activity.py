"""An enterprise reads what each of its operators did: cases from their records, the rest from the audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from administration.audit.services import record_audit
from enterprises.models import CaKey
from tests.clock import Clock
from tests.factories import actor, make_enterprise, make_operator
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action
from workflow.services.acting import act

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")


@pytest.fixture
def world(clock: Clock) -> ExtensionWorld:
    clock.stop_at(NOW)
    return ExtensionWorld()


@pytest.fixture
def key(world: ExtensionWorld) -> CaKey:
    own: CaKey = world.operator.ca_key
    return own


@pytest.fixture
def door(client: Client, key: CaKey) -> Client:
    client.force_login(key.user)
    return client


def address(key: CaKey, tab: str = "") -> str:
    return f"/enterprise/keys/{key.pk}/activity/{f'?tab={tab}' if tab else ''}"


def note(key: CaKey, action: str, count: int = 0) -> None:
    record_audit(action=action, actor_id=key.user_id, actor_name=key.operator_name, detail={"count": count})


def test_a_confirmation_stands_among_the_cases_once(door: Client, key: CaKey, world: ExtensionWorld) -> None:
    application = world.file()
    act(application.pk, action=Action.APPROVE, actor=actor(world.operator))
    page = door.get(address(key))
    (row,) = page.context["acts"]
    assert (row.what, row.link) == ("同意", f"/applications/{application.number}/")
    assert world.person.name in page.text
    assert "办件通过" not in door.get(address(key, "others")).text


def test_exports_and_logins_stand_among_the_others(door: Client, key: CaKey) -> None:
    note(key, "staff.export", 326)
    note(make_operator(key.enterprise, "别人").ca_key, "staff.remind")
    acts = door.get(address(key, "others")).context["acts"]
    assert ("导出人员与证书", "326 条") in [(one.what, one.about) for one in acts]
    assert "提醒人员办理证书事项" not in [one.what for one in acts]


def test_pages_follow_each_other_without_a_gap(door: Client, key: CaKey) -> None:
    for number in range(45):
        note(key, "staff.export", number + 1)
    seen: list[str] = []
    where: str | None = ""
    while where is not None:
        page = door.get(f"{address(key, 'others')}&cursor={where}")
        seen += [one.about for one in page.context["acts"] if one.about]
        where = page.context["page"].next_cursor
    assert seen == [f"{number} 条" for number in range(45, 0, -1)]


def test_colleagues_read_it_and_strangers_do_not(client: Client, key: CaKey) -> None:
    client.force_login(make_operator(key.enterprise, "周查阅"))
    assert client.get(address(key)).status_code == 200
    client.force_login(make_operator(make_enterprise()))
    assert client.get(address(key)).status_code == 404


@pytest.mark.parametrize("tab", ["cases", "others"])
def test_it_takes_the_same_queries_for_few_and_many(
    door: Client, key: CaKey, world: ExtensionWorld, tab: str, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    application = world.file()
    act(application.pk, action=Action.APPROVE, actor=actor(world.operator))
    note(key, "staff.export", 1)
    few = count_queries(lambda: door.get(address(key, tab)))
    for _ in range(15):
        note(key, "staff.export", 1)
    event = application.events.filter(actor=key.user).first()
    assert event is not None
    for minute in range(5):
        event.pk, event.at = None, timezone.now() + timedelta(minutes=minute)
        event.save(force_insert=True)
    assert count_queries(lambda: door.get(address(key, tab))) == few
