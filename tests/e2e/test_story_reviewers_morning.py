"""A reviewer's morning: twenty mixed cases, decided with few clicks and no scrolling, and again by keyboard alone."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.enums import Duty
from accounts.models import User
from tests.e2e.story import Enter, another_page, look
from tests.factories import actor, make_staff
from tests.worlds.base import CertificateWorld
from tests.worlds.cancellation import CancellationWorld
from tests.worlds.correction import CorrectionWorld
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action, Desk, Status
from workflow.models import Application, CaseUse, Event
from workflow.services.acting import act
from workflow.services.case_use import reserve

QUEUE = "/office/queue/provincial/"
CASES = 20
MOST_CLICKS = 26
SCREEN = {"width": 1280, "height": 720}


class Morning:
    """Twenty cases of three kinds wait for the province; a colleague has reserved one of them."""

    def __init__(self) -> None:
        first: CertificateWorld = ExtensionWorld()
        self.province = first.province
        self.reviewer = self.province.decider
        self.colleague = make_staff(self.province.provincial, Duty.DECIDE, name="甘同事")
        firm = (first.enterprise, first.operator)
        kinds = cycle((ExtensionWorld, CorrectionWorld, ExtensionWorld, CancellationWorld))
        worlds = [first, *(kind(self.province, firm) for _, kind in zip(range(CASES - 1), kinds, strict=False))]
        self.cases = [self._at_province(world) for world in worlds]
        self.reserved = self.cases[4]
        reserve(self.reserved.pk, actor=actor(self.colleague))

    def _at_province(self, world: CertificateWorld) -> Application:
        now = timezone.now() - timedelta(hours=1)
        application = world.file(now=now)
        while application.desk != Desk.PROVINCIAL:
            detail = world.originals(application)
            act(application.pk, action=Action.APPROVE, actor=world.holder(application), detail=detail, now=now)
            application.refresh_from_db()
        return application

    def check(self) -> None:
        states = dict.fromkeys(("approved", "returned", "municipal", "provincial"), 0)
        for one in Application.objects.order_by("pk"):
            states[one.desk if one.status == Status.IN_REVIEW else one.status] += 1
        assert states == {"approved": CASES - 4, "returned": 2, "municipal": 1, "provincial": 1}
        assert Application.objects.get(desk=Desk.PROVINCIAL) == self.reserved
        returns = Event.objects.filter(action=Action.RETURN, actor=self.reviewer)
        assert all("行政许可法" in event.comment for event in returns.order_by("pk"))


ROWS_IN_SIGHT = """() => {
  const bar = document.querySelector("form .bulk")
  const foot = bar && getComputedStyle(bar).position === "sticky" ? bar.getBoundingClientRect().top : innerHeight
  return [...document.querySelectorAll("tbody tr")].filter((row) => row.getBoundingClientRect().bottom <= foot).length
}"""
FEWEST_ROWS = 12
"""So many rows of a queue lie on the screen without scrolling."""


class Hand:
    """Counts the clicks; whatever is clicked lies on the screen as it is."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, target: Locator) -> None:
        expect(target).to_be_visible()
        # What is still to come of the page would move the target.
        self.page.wait_for_load_state()
        box, scrolled = target.bounding_box(), self.page.evaluate("window.scrollY")
        assert box is not None
        assert scrolled == 0
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= SCREEN["height"], target
        self.clicks += 1
        # The driver's own click would scroll by itself.
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.fixture
def at_desk(enter: Enter, transactional_db: None) -> tuple[Morning, Page]:
    morning = Morning()
    page = enter(morning.reviewer)
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    return morning, page


def expect_case(page: Page, number: int) -> None:
    """One case fewer waits after each act."""
    expect(page.locator(".heading .num").filter(has_text="/")).to_contain_text(f"/ {CASES - number} 件")
    # The keys are those of a script, which runs after the page was read.
    page.wait_for_load_state()


def look_and_return(page: Page, name: str, *, judge: bool = True) -> None:
    """The judge of accessibility scrolls."""
    look(page, name, judge=judge)
    page.evaluate("window.scrollTo(0, 0)")


def test_twenty_cases_by_mouse(at_desk: tuple[Morning, Page]) -> None:
    morning, page = at_desk
    hand = Hand(page)
    page.goto("/office/")
    hand.click(page.get_by_role("link", name="省厅审核待办"))
    row = page.get_by_role("row").filter(has_text=morning.reserved.number)
    expect(row).to_contain_text("甘同事")
    page.wait_for_load_state()
    assert page.evaluate(ROWS_IN_SIGHT) >= FEWEST_ROWS
    # The bar at the foot covers half of a row here, which the judge takes for a small button; one row is judged below.
    look_and_return(page, "morning-queue", judge=False)
    hand.click(page.get_by_role("button", name="下一件没人在办的"))
    for done in range(CASES - 1):
        expect_case(page, done)
        expect(page.locator("#use")).to_contain_text("您占用到")
        if done == 2:
            look_and_return(page, "morning-review")
        if done in (5, 9):
            hand.click(page.get_by_role("region", name="作出决定").get_by_text("常用原因", exact=True))
            hand.click(page.get_by_label("联系电话无法接通").or_(page.get_by_label("材料不清晰")).first)
            hand.click(page.get_by_role("button", name="退回补正"))
        elif done == 12:
            hand.click(page.get_by_role("link", name="核实"))
            page.get_by_label("要核实的内容").fill("请核对原证书上的日期。")
            hand.click(page.get_by_role("button", name="请其核实"))
        else:
            hand.click(page.get_by_role("button", name="通过", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("省厅审核待办")
    morning.check()
    assert hand.clicks <= MOST_CLICKS, hand.clicks


def test_twenty_cases_by_keyboard_alone(at_desk: tuple[Morning, Page]) -> None:
    morning, page = at_desk
    page.goto(QUEUE)
    keys = page.keyboard
    keys.press("j")
    keys.press("j")
    expect(page.get_by_role("row").nth(2).locator("th a")).to_be_focused()
    keys.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    keys.press("n")
    for done in range(CASES - 1):
        expect_case(page, done)
        if done in (5, 9):
            keys.press("r")
            keys.press("Space")
            keys.press("r")
            expect(page.get_by_role("dialog", name="请确认")).to_contain_text("勾选的原因 1 条")
            keys.press("Enter")
        elif done == 12:
            keys.press("q")
            expect(page.get_by_role("heading", level=1)).to_contain_text("请上一环节核实")
            page.wait_for_load_state()
            page.get_by_label("要核实的内容").focus()
            keys.type("请核对原证书上的日期。")
            keys.press("Tab")
            keys.press("Enter")
        else:
            keys.press("a")
            expect(page.get_by_role("dialog", name="请确认")).to_contain_text("通过：")
            keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("省厅审核待办")
    morning.check()


def stops_to(page: Page, target: Locator) -> int:
    """Counts the stops of the Tab key from the top of the page, with the link that skips to the decision."""
    for stop in range(1, 12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "跳到作出决定":
            page.keyboard.press("Enter")
        if target.evaluate("one => one === document.activeElement"):
            return stop
    raise AssertionError("the decision is not reached")


def reviewer_with_a_case() -> tuple[User, User, Application]:
    world = ExtensionWorld()
    application = world.file(now=timezone.now())
    act(application.pk, action=Action.APPROVE, actor=world.holder(application))
    colleague = make_staff(world.province.municipal, Duty.REVIEW, name="甘同事")
    return world.province.reviewer, colleague, application


@pytest.mark.django_db(transaction=True)
def test_keys_decide_nothing_without_a_question_and_can_be_switched_off(enter: Enter) -> None:
    reviewer, colleague, application = reviewer_with_a_case()
    page, address = enter(reviewer), f"/office/applications/{application.number}/"
    page.goto("/office/queue/municipal/?due=week")
    look(page, "queue-of-one")
    page.goto(address)
    assert stops_to(page, page.get_by_role("button", name="通过", exact=True)) <= 6
    comment = page.get_by_label("意见", exact=True)
    comment.focus()
    page.keyboard.type("arx?")
    expect(comment).to_have_value("arx?")
    opened = page.locator("dialog[open]")
    assert opened.count() == 0
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_role("dialog", name="请确认")).to_be_visible()
    look(page, "keys-sure")
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    with another_page(page):
        page.keyboard.press("c")
    expect(page.locator("#use")).to_contain_text("您占用到")
    expect(comment).to_have_value("arx?")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    look(page, "keys-help")
    page.get_by_label("在这台电脑上使用快捷键").uncheck()
    page.get_by_role("button", name="关闭").click()
    expect(opened).to_have_count(0)
    page.keyboard.press("a")
    assert opened.count() == 0
    page.goto(address)
    page.keyboard.press("a")
    assert opened.count() == 0
    # What a colleague sees, without pressing anything; then the colleague takes over.
    other = enter(colleague)
    other.goto(address)
    expect(other.locator("#use")).to_contain_text("占用到")
    other.get_by_role("button", name="接手占用").click()
    expect(other.locator("#use")).to_contain_text("您占用到")
    assert CaseUse.objects.get(application=application, is_reserved=True).user == colleague
