"""A holiday or a day worked in its place that is entered later moves the clocks of open cases."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from accounts.enums import Duty
from administration.models import CalendarDay, Message
from tests.factories import make_staff
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.recounting import clocks_to_move, recount_clocks

from .browsing import NOW, browser, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
ADD = "/office/registry/administration/calendarday/add/"


def test_office_m7_a_holiday_entered_later_moves_open_deadlines(run_jobs: Callable[[], object]) -> None:
    world = ExtensionWorld()
    # One waits for the employer, one stands at the municipal desk, one was returned.
    asked, held, returned = (one.file() for one in (world, world.another(), world.another()))
    for one in (held, returned):
        act(one.pk, action=Action.APPROVE, actor=world.holder(one), now=NOW)
    act(returned.pk, action=Action.RETURN, actor=world.province.municipal_actor, comment="请补充", now=NOW)
    before = {one.pk: Application.objects.get(pk=one.pk).due_on for one in (asked, held, returned)}
    assert clocks_to_move() == []
    run_jobs()  # the letter of the return
    seen = held.events.latest("pk").pk
    keeper = browser(make_staff(world.province.provincial, Duty.REGISTRY))
    typed = {"day": "2026-11-25", "is_workday": "", "note": "临时放假"}
    question = keeper.post(ADD, typed)
    assert "还没有保存。保存后：共2件在办办件的期限改变" in words(question)
    assert "1件：2026年11月30日改为2026年12月1日，延后1天" in words(question)
    assert not CalendarDay.objects.filter(day="2026-11-25").exists()
    assert run_jobs() == []
    assert keeper.post(ADD, typed | {"moves_seen": "0" * 32}).status_code == 200, "another mark asks again"
    assert not CalendarDay.objects.filter(day="2026-11-25").exists()
    (mark,) = re.findall(r'name="moves_seen" value="([^"]+)"', question.content.decode())
    answer = keeper.post(ADD, typed | {"moves_seen": mark}, follow=True)
    assert "2件在办办件的期限随之改变" in words(answer)
    run_jobs()
    after = {one.pk: Application.objects.get(pk=one.pk) for one in (asked, held, returned)}
    assert before[held.pk] == date(2026, 11, 30)
    assert after[held.pk].due_on == date(2026, 12, 1)
    assert after[asked.pk].due_on != before[asked.pk]
    assert after[returned.pk].due_on == before[returned.pk]
    event = held.events.latest("pk")
    assert (event.action, event.comment) == (
        Action.RECOUNT,
        "工作日历有变化，办理期限由2026年11月30日改为2026年12月1日。",
    )
    assert Message.objects.filter(mailbox=world.province.municipal.mailbox, title="1 件待办的办理期限已调整").exists()
    assert Message.objects.filter(mailbox=world.enterprise.mailbox, title__startswith="办理期限调整").exists()
    assert "工作日历有变化，办理期限由" in words(browser(world.person_user).get(f"/applications/{asked.number}/"))
    assert recount_clocks(now=NOW) == {"moved": 0}
    # Nothing that a reader of an older page decides about has changed.
    act(held.pk, action=Action.APPROVE, actor=world.province.municipal_actor, seen=seen, now=NOW)
    held.refresh_from_db()
    assert held.desk == Desk.PROVINCIAL
    CalendarDay.objects.filter(day="2026-11-25").delete()
    assert recount_clocks(now=NOW)["moved"] >= 1
    asked.refresh_from_db()
    assert asked.due_on == before[asked.pk]


def test_taking_a_holiday_back_asks_too(run_jobs: Callable[[], object]) -> None:
    world = ExtensionWorld()
    case = world.file()
    keeper = browser(make_staff(world.province.provincial, Duty.REGISTRY))
    holiday = CalendarDay.objects.create(day="2026-11-25", is_workday=False)
    recount_clocks(now=NOW)
    later = Application.objects.get(pk=case.pk).due_on
    delete = f"/office/registry/administration/calendarday/{holiday.pk}/delete/"
    question = keeper.post(delete, {"post": "yes"})
    assert "提前1天" in words(question)
    assert CalendarDay.objects.filter(pk=holiday.pk).exists()
    (mark,) = re.findall(r'name="moves_seen" value="([^"]+)"', question.content.decode())
    assert keeper.post(delete, {"post": "yes", "moves_seen": mark}).status_code == 302
    run_jobs()
    assert Application.objects.get(pk=case.pk).due_on != later
