"""Who a case is about: the identity block of the review, and the whole card after an audited press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from accounts.enums import Duty
from administration.models import AuditEntry
from tests.clock import Clock
from tests.factories import make_certificate, make_staff, make_training
from tests.workflow.browsing import browser, words
from tests.worlds.base import NOW, TODAY
from tests.worlds.extension import ExtensionWorld
from workflow.enums import BarScope
from workflow.models import Bar

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(clock: Clock) -> ExtensionWorld:
    clock.stop_at(NOW)
    return ExtensionWorld()


def address(world: ExtensionWorld, rest: str = "") -> str:
    return f"/office/applications/{world.file().number}/{rest}"


def test_the_review_says_who_the_applicant_is(world: ExtensionWorld) -> None:
    person = world.person
    other = make_certificate(person, world.enterprise, "C2", ends_on=date(2029, 1, 1))
    Bar.objects.create(
        person=person,
        scope=BarScope.LEADING_POSTS,
        source="示例决定",
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=9),
    )
    page = browser(world.province.decider).get(address(world))
    text = words(page)
    assert person.id_number not in page.content.decode()
    assert person.id_number[-4:] in text
    assert "查看身份信息" in text
    for part in ("性别出生", "岁", other.number, world.enterprise.name, "示例决定", "只有这一件"):
        assert part in text, part
    assert f'href="/office/certificates/{other.pk}/"' in page.content.decode()


def test_the_whole_card_needs_a_press_which_the_audit_keeps(world: ExtensionWorld) -> None:
    reveal = address(world, "identity/")
    clerk = browser(world.province.decider)
    assert world.person.id_number not in clerk.get(reveal, follow=True).content.decode()
    assert not AuditEntry.objects.filter(action="reveal_id_number").exists()
    answer = clerk.post(reveal)
    assert world.person.id_number in words(answer)
    assert answer["Cache-Control"].startswith("max-age=0")
    entry = AuditEntry.objects.get(action="reveal_id_number")
    assert (entry.actor_id, entry.object_id) == (world.province.decider.pk, str(world.person.pk))


def test_nobody_else_reads_the_card(world: ExtensionWorld) -> None:
    reveal = address(world, "identity/")
    assert browser(world.person_user).post(reveal).status_code == 403
    assert browser(world.province.stranger).post(reveal).status_code == 404
    assert browser(make_staff(world.province.provincial, Duty.TRAINING)).post(reveal).status_code == 403
    assert not AuditEntry.objects.filter(action="reveal_id_number").exists()


def test_a_long_history_takes_the_queries_of_a_short_one(
    world: ExtensionWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    page, clerk = address(world), browser(world.province.decider)
    add_history(world, range(2014, 2015))
    clerk.get(page)
    short = count_queries(lambda: clerk.get(page))
    add_history(world, range(2015, 2025))
    assert count_queries(lambda: clerk.get(page)) == short


def add_history(world: ExtensionWorld, years: range) -> None:
    for year in years:
        make_certificate(world.person, world.enterprise, "C2", ends_on=date(year, 1, 1))
        make_training(world.person, ends_on=date(year, 6, 1))
        Bar.objects.create(
            person=world.person,
            scope=BarScope.EXAM,
            source="示例",
            starts_on=date(year, 1, 1),
            ends_on=date(2030, 1, 1),
        )
