"""Candidates are checked in on phones: without a network, on two devices, with wrong cards, and after the link has ended."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Person
from exams.checkin.links import revoke_link
from exams.checkin.selectors import presence_of
from exams.models import ExamCheckIn, ExamSeat
from tests.e2e import manual, story
from tests.exams.checkin.door_world import DoorWorld
from tests.factories import actor

Phone = Callable[[], Page]


@pytest.fixture
def world(transactional_db: None) -> DoorWorld:
    return DoorWorld()


@pytest.fixture
def phone(browser: object, base_url: str, browser_context_args: dict[str, object]) -> object:
    contexts = []

    def opened() -> Page:
        context = browser.new_context(  # type: ignore[attr-defined]
            **{**browser_context_args, "base_url": base_url}, viewport={"width": 390, "height": 844}
        )
        contexts.append(context)
        page: Page = context.new_page()
        return page

    yield opened
    for context in contexts:
        context.close()


FACES = "main img"


def begin(page: Page, world: DoorWorld, name: str, press: Callable[[Locator], None] = Locator.click) -> None:
    """Until list, photos and the page itself are kept on the device."""
    page.goto(world.address())
    page.get_by_label("签到人员姓名").first.fill(name)
    press(page.get_by_role("button", name="开始签到"))
    expect(page.get_by_text("已签到 0 / 3")).to_be_visible()
    expect(page.locator("[data-check-in][data-ready='1'][data-kept='1']")).to_have_count(1)


def press_as_told(button: Locator) -> None:
    """The script begins on the page as it stands; none is opened."""
    manual.step(button.page, "3.5-03", button)
    button.click()


def search(page: Page, words: str) -> None:
    page.get_by_label("准考证号、座位号或姓名").fill(words)
    page.get_by_role("button", name="查找").click()


def check_in(page: Page, seat: ExamSeat, words: str = "") -> None:
    search(page, words or seat.candidate_number)
    expect(page.get_by_alt_text(f"{seat.entry.person.name}的证件照")).to_be_visible()
    page.get_by_role("button", name="确认签到").click()
    expect(page.get_by_text(f"{seat.number:02d} {seat.entry.person.name} 已签到")).to_be_visible()


def link_made(hall: Page, world: DoorWorld) -> None:
    """At the door of the second room; the first one has its link."""
    hall.goto(f"/office/exams/{world.batch.pk}/")
    manual.click(hall, "3.5-01", hall.get_by_role("link", name="考试当天和签到"))
    hall.get_by_role("link", name=re.compile("^生成签到链接.*第1场第2考场")).click()
    manual.click(hall, "3.5-02", hall.get_by_role("button", name="生成签到链接"))
    expect(hall.get_by_role("img", name="签到页的二维码")).to_be_visible()


def test_check_in_without_a_network_is_merged_once(world: DoorWorld, phone: Phone, enter: story.Enter) -> None:
    page, hall, (first, second, third) = phone(), enter(world.organiser), world.seats()
    link_made(hall, world)
    begin(page, world, "监考一", press_as_told)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("已签到 0 / 3")).to_be_visible()
    search(page, first.candidate_number)
    manual.step(page, "3.5-04", page.get_by_role("button", name="确认签到"), hide=FACES)
    check_in(page, first)
    check_in(page, second, str(second.number))
    expect(page.get_by_text("2 条等待上传")).to_be_visible()
    story.look(page, "check-in-offline")
    manual.step(page, "3.5-05", page.get_by_text("2 条等待上传"))
    page.get_by_text("刚才登记的").click()
    page.get_by_role("button", name=re.compile(f"撤销.*{second.number:02d}")).click()
    expect(page.get_by_text("已签到 1 / 3")).to_be_visible()
    search(page, third.candidate_number)
    page.get_by_role("button", name="不是本人").click()
    expect(page.get_by_text("已记录“不是本人”")).to_be_visible()
    page.reload()
    expect(page.get_by_text("4 条等待上传")).to_be_visible()
    assert not ExamCheckIn.objects.exists()

    page.context.set_offline(False)
    expect(page.get_by_text("全部已上传")).to_be_visible()
    page.reload()
    expect(page.get_by_text("全部已上传")).to_be_visible()
    manual.step(page, "3.5-06", page.get_by_text("全部已上传"))
    assert ExamCheckIn.objects.count() == 4
    found = presence_of(world.batch)
    assert [found[first.entry_id].is_present, second.entry_id in found] == [True, False]
    assert len(found[third.entry_id].strangers) == 1
    hall.goto(f"/office/exams/{world.batch.pk}/day/")
    expect(hall.get_by_text("签到时认为不是本人").first).to_be_visible()
    manual.step(hall, "3.5-07", hall.get_by_role("heading", name="签到时认为不是本人"))
    story.look(hall, "exam-day")
    story.follow(hall.get_by_role("link", name=re.compile("签到链接.*第1场第1考场")))
    story.look(hall, "check-in-link")


def test_two_devices_and_wrong_cards(world: DoorWorld, phone: Phone) -> None:
    one, other, (first, second, _) = phone(), phone(), world.seats()
    Person.objects.filter(pk=second.entry.person_id).update(name="阿依·古丽")
    second.entry.person.name = "阿依·古丽"
    begin(one, world, "监考一")
    begin(other, world, "监考二")
    one.context.set_offline(True)
    check_in(one, first)
    in_groups = f" {first.candidate_number[:4]} {first.candidate_number[4:]}"
    check_in(other, first, "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in in_groups))
    check_in(other, second, "阿依 • 古丽")
    expect(other.get_by_text("全部已上传")).to_be_visible()
    one.context.set_offline(False)
    expect(one.get_by_text("全部已上传")).to_be_visible()
    expect(one.get_by_text("已签到 2 / 3")).to_be_visible()
    rows = ExamCheckIn.objects.filter(seat=first).order_by("at")
    assert len(rows) == 2, "neither device loses anything"
    assert presence_of(world.batch)[first.entry_id].by_name == rows[0].by_name == "监考一"

    elsewhere, another_day = world.seats(world.second)[0], world.seats(world.other_day)[0]
    search(one, elsewhere.candidate_number)
    expect(one.get_by_text("第1场第2考场")).to_be_visible()
    story.look(one, "check-in-wrong-room")
    search(one, another_day.candidate_number)
    expect(one.get_by_text("第2场第1考场")).to_be_visible()
    search(one, "20990009900001")
    expect(one.get_by_role("heading", name="没有找到")).to_be_visible()


def test_a_withdrawn_link_forgets_the_names_and_shows_what_was_not_sent(world: DoorWorld, phone: Phone) -> None:
    page, (first, *_) = phone(), world.seats()
    begin(page, world, "监考一")
    page.context.set_offline(True)
    check_in(page, first)
    revoke_link(world.first.pk, by=actor(world.organiser))
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="签到页已关闭")).to_be_visible()
    expect(page.get_by_text("有 1 条没有上传")).to_be_visible()
    expect(page.locator("[data-unsent]")).to_contain_text(f"{first.number:02d} {first.entry.person.name}")
    story.look(page, "check-in-ended")
    page.reload()
    expect(page.get_by_text("有 1 条没有上传")).to_be_visible()
    kept = page.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open("exam-check-in", 1); asked.onsuccess = () => {
        const rows = asked.result.transaction(["lists", "photos"]); const counts = [];
        ["lists", "photos"].forEach((name) => { rows.objectStore(name).count().onsuccess = (event) => {
        counts.push(event.target.result); if (counts.length === 2) { done(counts); } }; }); }; })"""
    )
    assert kept == [0, 0]
    assert not ExamCheckIn.objects.exists()


def test_without_javascript_a_form_checks_in(world: DoorWorld, enter: story.Enter) -> None:
    page, seat = enter(world.operator, javascript=False, width=story.PHONE), world.seats()[0]
    page.goto(world.address())
    page.get_by_role("textbox", name="签到人员姓名").fill("监考三")
    page.get_by_label("准考证号或座位号").fill(seat.candidate_number)
    story.look(page, "check-in-plain", judge=False)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text(seat.entry.person.name)).to_be_visible()
    story.look(page, "check-in-plain-found", judge=False)
    page.get_by_role("button", name="确认签到").click()
    expect(page.get_by_text("已签到。")).to_be_visible()
    assert presence_of(world.batch)[seat.entry_id].by_name == "监考三"
