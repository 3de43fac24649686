"""A worker on a phone does not understand a page and says so from its foot; the province answers, and the worker reads it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from administration.models import Feedback
from tests.e2e import story
from tests.factories import Province, make_person

pytestmark = pytest.mark.django_db(transaction=True)
UNCLEAR = "不知道还差几个学时，也不知道到哪里学。"
ANSWER = "“学习”里写着还差的学时，点开可以看到培训机构。"


def open_from_foot(page: Page) -> None:
    page.get_by_role("contentinfo").get_by_role("link", name="意见反馈").click()
    expect(page.get_by_role("heading", name="意见反馈", level=1)).to_be_visible()


def test_a_worker_on_a_phone_gets_an_answer(enter: story.Enter) -> None:
    province, worker = Province(), make_person("欧阳·䶮")
    phone = enter(worker.user, width=story.PHONE)
    phone.goto("/m/")
    open_from_foot(phone)
    expect(phone.get_by_text("关于页面 /m/")).to_be_visible()
    expect(phone.get_by_label("联系方式")).to_have_count(0)
    story.look(phone, "feedback-form")
    phone.get_by_label("内容").fill(UNCLEAR)
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("alert")).to_contain_text("类型")
    expect(phone.get_by_label("内容")).to_have_value(UNCLEAR)
    story.look(phone, "feedback-form-wrong")
    phone.get_by_label("类型").select_option(label="不清楚")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("heading", name="意见已收到，谢谢")).to_be_visible()
    story.look(phone, "feedback-sent")
    phone.get_by_role("link", name="回到刚才的页面").click()
    phone.wait_for_url("**/m/")

    office = enter(province.decider)
    office.goto("/office/")
    story.follow(office.get_by_role("link", name="意见反馈 有 1 条"))
    story.look(office, "feedback-list")
    story.follow(office.get_by_role("row").filter(has_text="不知道还差几个学时").get_by_role("link"))
    expect(office.get_by_text(UNCLEAR)).to_be_visible()
    story.look(office, "feedback-one")
    office.get_by_label("答复").fill(ANSWER)
    office.get_by_role("button", name="发出答复").click()
    expect(office.get_by_text("答复已发到对方的消息里")).to_be_visible()
    expect(office.get_by_role("row").filter(has_text="不知道还差几个学时")).to_contain_text("已答复")
    office.get_by_role("row").filter(has_text="不知道还差几个学时").get_by_role("link").click()
    expect(office.get_by_role("heading", name="答复", exact=True)).to_be_visible()
    story.look(office, "feedback-answered")

    phone.goto("/messages/")
    expect(phone.get_by_text("意见反馈已答复", exact=True)).to_be_visible()
    expect(phone.get_by_text(ANSWER)).to_be_visible()
    story.look(phone, "feedback-message")


def test_a_stranger_without_javascript_loses_nothing(
    browser: Browser, base_url: str, browser_context_args: dict[str, Any]
) -> None:
    arguments = {**browser_context_args, "base_url": base_url, "java_script_enabled": False}
    with browser.new_context(**arguments) as context:
        page = context.new_page()
        page.goto("/lookup/?number=1")
        open_from_foot(page)
        story.look(page, "feedback-stranger", judge=False)
        page.get_by_label("联系方式").fill("demo@example.com")
        page.get_by_label("类型").select_option(label="出错")
        page.get_by_role("button", name="提交").click()
        expect(page.get_by_role("alert")).to_contain_text("内容")
        expect(page.get_by_label("联系方式")).to_have_value("demo@example.com")
        expect(page.get_by_label("类型")).to_have_value("fault")
        page.get_by_label("内容").fill("查不到。")
        page.get_by_role("button", name="提交").click()
        expect(page.get_by_role("heading", name="意见已收到，谢谢")).to_be_visible()
        assert page.get_by_role("link", name="回到刚才的页面").get_attribute("href") == "/lookup/"
    kept = Feedback.objects.get()
    assert (kept.page, kept.text, kept.contact, kept.mailbox_id) == ("/lookup/", "查不到。", "demo@example.com", None)
