"""A head finds the office that is late, reassigns three cases and covers an absence; a reviewer undoes a decision within the minute."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.enums import Duty
from accounts.models import User
from tests.e2e.story import WORK, Enter, follow, look
from tests.factories import Province, make_staff
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk, Status
from workflow.models import Absence, Application, BulkAct, Event
from workflow.services.acting import act
from workflow.services.figures import count_desks

SCREEN = {"width": 1280, "height": 720}


def at_municipal(cases: int) -> tuple[Province, list[Application]]:
    first, now = ExtensionWorld(), timezone.now() - timedelta(hours=1)
    found = []
    for world in [first, *(first.another() for _ in range(cases - 1))]:
        case = world.file(now=now)
        act(case.pk, action=Action.APPROVE, actor=world.holder(case), now=now)
        found.append(case)
    return first.province, found


def at_desk(enter: Enter, user: User) -> Page:
    page = enter(user)
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    return page


def place_of_menu(page: Page) -> tuple[float, float]:
    """Where the menu and the page below it begin; neither moves from page to page."""
    page.wait_for_load_state()
    left = "(one) => document.querySelector(one).getBoundingClientRect().left"
    return page.evaluate(left, ".tabs .wrap"), page.evaluate(left, "main h1")


def test_a_head_finds_what_is_late_reassigns_it_and_covers_an_absence(enter: Enter, transactional_db: None) -> None:
    province, cases = at_municipal(4)
    away = make_staff(province.municipal, Duty.REVIEW, name="甲审")
    other = make_staff(province.municipal, Duty.REVIEW, name="乙审")
    Application.objects.filter(pk__in=[one.pk for one in cases[:3]]).update(
        due_on=timezone.localdate() - timedelta(days=7)
    )
    count_desks(now=timezone.now())
    above = at_desk(enter, make_staff(province.provincial, Duty.HEAD, name="邹处"))
    above.goto("/office/head/")
    first = above.get_by_role("table", name="各机关，超期多的在前").get_by_role("row").nth(1)
    expect(first).to_contain_text(province.municipal.name)
    first.get_by_role("link", name="3", exact=True).click()
    for one in cases[:3]:
        expect(above.get_by_role("row").filter(has_text=one.number)).to_contain_text("超期")
    expect(above.get_by_role("row").filter(has_text=cases[3].number)).to_have_count(0)

    page = at_desk(enter, make_staff(province.municipal, Duty.HEAD, name="熊科"))
    page.goto("/office/head/")
    look(page, "head")
    places = {place_of_menu(page)}
    page.get_by_role("link", name="已超期").click()
    expect(page.get_by_role("heading", name="分办")).to_be_visible()
    places.add(place_of_menu(page))
    for one in cases[:3]:
        page.get_by_role("row").filter(has_text=one.number).get_by_role("checkbox").check()
    page.get_by_label("同事").select_option(str(other.pk))
    page.get_by_label("原因").fill("甲审请假")
    page.get_by_role("button", name="分给这位同事").click()
    follow(page.get_by_role("button", name="确认分办给乙审 3 件"))
    expect(page.get_by_role("button", name="确认分办给乙审 3 件")).to_have_count(0)
    expect(page.locator("main h1")).to_be_visible()
    page.get_by_role("link", name="请假代办").first.click()
    expect(page.get_by_role("heading", name="请假代办")).to_be_visible()
    places.add(place_of_menu(page))
    page.get_by_label("请假人").select_option(str(away.pk))
    page.get_by_label("代办人").select_option(str(other.pk))
    page.get_by_label("开始日期").fill(timezone.localdate().isoformat())
    page.get_by_label("结束日期").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("table", name="现在和以后的请假").get_by_role("row").nth(1)).to_contain_text("乙审")
    look(page, "head-absences")
    assert len(places) == 1, places
    assert list(Application.objects.filter(assignee=other).order_by("pk")) == cases[:3]
    assert Absence.objects.get().user == away


def test_a_reviewer_approves_undoes_and_decides_anew(
    enter: Enter, settings: Any, transactional_db: None, live_worker: object
) -> None:
    """On the phone's width the bar of the queue covers nothing before something is picked."""
    settings.UNDO_SECONDS = 600
    province, (case, later) = at_municipal(2)
    page = at_desk(enter, province.reviewer)
    page.goto("/office/queue/municipal/")
    page.set_viewport_size({"width": 390, "height": 700})
    position = "getComputedStyle(document.querySelector('.bulk')).position"
    assert page.evaluate(position) == "static"
    page.get_by_role("row").filter(has_text=case.number).get_by_role("checkbox").check()
    assert page.evaluate(position) == "sticky"
    page.get_by_role("row").filter(has_text=case.number).get_by_role("checkbox").uncheck()
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    follow(page.get_by_role("row").filter(has_text=case.number).locator("th a"))
    follow(page.get_by_role("button", name="通过", exact=True))
    expect(page.locator("main")).to_contain_text(later.number)
    case.refresh_from_db()
    assert (case.status, case.desk) == (Status.IN_REVIEW, Desk.MUNICIPAL), "nothing has followed yet"
    follow(page.get_by_role("button", name="撤销上一件"))
    expect(page.get_by_text(f"已撤销：{case.number}")).to_be_visible()
    expect(page.locator("main h1")).to_be_visible()
    assert BulkAct.objects.get().taken_back_at is not None
    settings.UNDO_SECONDS = 3
    page.get_by_label("意见", exact=False).first.fill("扫描件缺第二页，请补充。")
    follow(page.get_by_role("button", name="退回补正"))
    expect(page.locator("main")).to_contain_text(later.number)
    expect_returned(page, case)
    (event,) = Event.objects.filter(application=case, actor=province.reviewer)
    assert event.action == Action.RETURN


def expect_returned(page: Page, case: Application) -> None:
    """The worker makes the decision once its seconds are over."""
    for _ in range(WORK):
        if Application.objects.get(pk=case.pk).status == Status.RETURNED:
            break
        page.wait_for_timeout(1000)
    page.goto("/office/done/")
    expect(page.get_by_role("row").filter(has_text=case.number)).to_contain_text("退回补正")
