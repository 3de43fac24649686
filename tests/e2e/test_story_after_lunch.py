"""A clerk comes back after lunch: the session has ended, and what was typed is there; the chosen file is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.enums import Duty
from accounts.models import RegisterCorrection
from administration.enums import OfficeKind
from tests.factories import make_id_number, make_office, make_person, make_staff, photo_jpeg

from . import story

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "派出所录入有误，已对照户口簿\n和人像"
DOCUMENT = "《公民身份号码更正证明》（东公证〔2026〕12号）"


def test_a_clerk_returns_after_lunch_and_nothing_typed_is_lost(page: Page, tmp_path: Path) -> None:
    clerk = make_staff(make_office("东湖区登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER, name="王敏")
    person, number = make_person("葛花一"), make_id_number()
    scan = tmp_path / "更正证明 第1页.jpg"
    scan.write_bytes(photo_jpeg())
    story.log_in_at_office(page, clerk, "/office/counter/")
    page.get_by_label("身份证号码").fill(str(person.id_number))
    page.get_by_role("button", name="查询").click()
    # Both pages have a field of this name.
    story.follow(page.get_by_role("link", name="身份证号码更正"))
    page.get_by_label("身份证号码").fill(number)
    page.get_by_label("证明文件及文号").fill(DOCUMENT)
    page.get_by_label("办理说明").fill(REASON)
    page.get_by_label("证明扫描件").set_input_files(scan)
    page.get_by_label("本人在场").check()
    Session.objects.all().delete()
    page.get_by_role("button", name="提出更正").click()
    expect(page.get_by_label("登录名")).to_be_visible()
    story.log_in_at_office(page, clerk, page.url)
    expect(page.get_by_role("heading", name="您填写的内容还在")).to_be_visible()
    expect(page.get_by_text(scan.name)).to_be_visible()
    story.look(page, "after-lunch")
    page.get_by_role("button", name="继续提交").click()
    expect(page.get_by_text("您填写的内容还在，查询后可以继续提交")).to_be_visible()
    page.goto("/office/counter/")
    page.get_by_label("身份证号码").fill(str(person.id_number))
    story.follow(page.get_by_role("button", name="查询"))
    expect(page.get_by_role("heading", name="您填写的内容还在")).to_be_visible()
    story.follow(page.get_by_role("button", name="继续提交"))
    expect(page.get_by_label("证明文件及文号")).to_have_value(DOCUMENT)
    expect(page.get_by_label("办理说明")).to_have_value(REASON)
    expect(page.get_by_label("身份证号码")).to_have_value(number)
    expect(page.get_by_label("本人在场")).to_be_checked()
    page.get_by_label("证明扫描件").set_input_files(scan)
    page.get_by_role("button", name="提出更正").click()
    expect(page.get_by_text("等待另一名登记人员复核").first).to_be_visible()
    case = RegisterCorrection.objects.get()
    assert (case.person, case.document, case.reason) == (person, DOCUMENT, REASON)
