"""我的登记: a clerk's own registrations, day by day, at a constant cost, with masked numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from accounts.enums import Duty
from accounts.models import Person, User
from accounts.registration.selectors import registered_by
from tests.clock import Clock
from tests.factories import make_office, make_person, make_staff
from tests.workflow.browsing import NOW, browser, words

pytestmark = pytest.mark.django_db
OWN = "/office/counter/own/"


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.stop_at(NOW)


@pytest.fixture
def clerk(db: None) -> User:
    return make_staff(make_office("青山湖登记点", region="360111"), Duty.REGISTER, name="登记员甲")


def registered(clerk: User, name: str, *, days_ago: int) -> Person:
    person = make_person(name)
    when = NOW - timedelta(days=days_ago)
    Person.objects.filter(pk=person.pk).update(
        registered_by=clerk, registered_at=when, registered_at_office=clerk.office
    )
    return person


def names_of(user: User, query: str = "") -> list[str]:
    page = browser(user).get(f"{OWN}{query}")
    assert page.status_code == 200
    return [person.name for _, people in page.context["days"] for person in people]


def test_own_registrations_stand_by_day_the_latest_first(clerk: User) -> None:
    colleague = make_staff(clerk.office, Duty.REGISTER, name="登记员乙")  # type: ignore[arg-type]
    today, early = registered(clerk, "王今天", days_ago=0), registered(clerk, "赵前天", days_ago=2)
    registered(colleague, "别人登记的", days_ago=0)
    page = browser(clerk).get(OWN)
    said = words(page)
    assert said.index("王今天") < said.index("赵前天")
    assert [day for day, _ in page.context["days"]] == [NOW.date(), NOW.date() - timedelta(days=2)]
    assert "别人登记的" not in said
    assert "青山湖登记点" in said
    for person in (today, early):
        assert str(person.id_number) not in page.content.decode()
        assert f"/office/counter/{person.pk}/" not in page.content.decode(), "a page opens by the card alone"


def test_days_narrow_the_list_and_a_wrong_day_narrows_nothing(clerk: User) -> None:
    for days_ago in (0, 1, 3):
        registered(clerk, f"人{'零一二三'[days_ago]}", days_ago=days_ago)
    today, day = NOW.date(), timedelta(days=1)
    assert names_of(clerk, f"?since={today}") == ["人零"]
    assert names_of(clerk, f"?since={today - day}&until={today - day}") == ["人一"]
    assert names_of(clerk, f"?until={today - 2 * day}") == ["人三"]
    assert names_of(clerk, "?since=gestern&until=0000") == ["人零", "人一", "人三"]
    assert "这些天没有由您登记的人员" in words(browser(clerk).get(f"{OWN}?since={today + day}"))


def test_the_home_box_and_the_counter_lead_there(clerk: User) -> None:
    registered(clerk, "王今天", days_ago=0)
    client = browser(clerk)
    (box,) = [box for box in client.get("/office/").context["boxes"] if box.title == "实名制登记"]
    urls = {line.label: line.url for line in box.lines}
    assert urls["今天由我登记"] == f"{OWN}?since={NOW.date()}"
    assert "王今天" in words(client.get(urls["今天由我登记"]))
    assert f'href="{OWN}"' in client.get("/office/counter/").content.decode()


def test_only_registrars_have_one(clerk: User) -> None:
    assert browser(make_staff(clerk.office, Duty.REVIEW)).get(OWN).status_code == 403  # type: ignore[arg-type]
    assert "还没有由您登记的人员" in words(browser(clerk).get(OWN))


def test_its_cost_does_not_grow_and_its_index_has_its_order(
    clerk: User, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    registered(clerk, "王一", days_ago=0)
    client = browser(clerk)
    client.get(OWN)
    one = count_queries(lambda: client.get(OWN))
    for number in range(24):
        registered(clerk, "王多", days_ago=number)
    assert count_queries(lambda: client.get(OWN)) == one
    assert "下一页" in words(client.get(OWN))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
    plan = registered_by(clerk, since=NOW.date()).order_by("-registered_at", "-pk").explain()
    assert "person_registrations" in plan
    assert "Sort" not in plan
