"""A clerk's Monday at an enterprise of 300 people: by keyboard alone, and with scripts switched off."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from accounts.models import Person
from administration.models import Message
from certificates.models import Certificate
from employment.models import Employment
from exams.models import ExamEntry
from tests.crowd import certify, employ, names, people_named
from tests.e2e import story
from tests.exams.exam_world import make_batch
from tests.factories import (
    Province,
    actor,
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
)
from workflow.business import business_of
from workflow.enums import Desk
from workflow.models import Application
from workflow.services.filing import file_application

STAFF, ASKING, ENDING, CANDIDATES = 300, 12, 8, 40
PAYLOAD: dict[str, Any] = {"phone": "13800000000", "note": "", "commitment": True}


class Firm:
    """Most of its people hold a certificate for long; some ask for an extension, some contracts end, some have none."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.province = Province()
        self.enterprise = make_enterprise("江西赣江路桥建设有限公司")
        self.operator = make_operator(self.enterprise, "李会计")
        crowd = people_named(names(STAFF - ASKING))
        ends = [self.today + timedelta(days=20)] * ENDING + [None] * (len(crowd) - ENDING)
        employ(crowd, self.enterprise, ends)
        self.candidates = crowd[-CANDIDATES:]
        holders = crowd[:-CANDIDATES]
        certify(holders, self.enterprise, [self.today + timedelta(days=700)] * len(holders), first=100_001)
        self.batch = make_batch(
            name="南昌市第五批C类考核",
            sign_up_from=self.today,
            sign_up_to=self.today + timedelta(days=9),
            exam_from=self.today + timedelta(days=30),
            exam_to=self.today + timedelta(days=30),
        )
        for name in names(ASKING):
            self._asks(make_person(f"{name[0]}{name}"))

    def _asks(self, person: Person) -> Application:
        make_employment(person, self.enterprise, "08")
        ends = self.today + timedelta(days=60)
        certificate = make_certificate(person, self.enterprise, "C2", ends_on=ends)
        make_training(person, ends_on=self.today - timedelta(days=30))
        assert person.user is not None
        me = actor(person.user)
        case = business_of("extension").prepare(me, {"certificate": str(certificate.pk)}, today=self.today)
        return file_application(case=replace(case, payload=PAYLOAD), actor=me)

    @property
    def list_of_candidates(self) -> str:
        return "\n".join(f"{person.name}\t{person.id_number}" for person in self.candidates)


# --- by keyboard ---


def press(where: Locator, key: str = "Enter") -> None:
    """No pointer is moved: what cannot have the focus cannot be pressed. Waits for no page that this opens."""
    where.focus()
    expect(where).to_be_focused()
    where.page.keyboard.press(key)


def link(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("link", name=name).first


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("button", name=name).first


def tick_all(page: Page, expected: int) -> None:
    boxes = page.locator('input[type="checkbox"][name="picked"]')
    expect(boxes).to_have_count(expected)
    for box in boxes.all():
        press(box, "Space")
        expect(box).to_be_checked()


def look(page: Page, name: str) -> None:
    """Accessibility is judged by scripts: tests of the pages do."""
    story.look(page, name, judge=False)


# --- the Monday ---


def read_the_inbox(page: Page) -> None:
    page.goto("/enterprise/")
    story.follow(link(page, re.compile("^消息")), press)
    expect(page.get_by_text(f"{ASKING} 条未读")).to_be_visible()
    look(page, "monday-inbox")
    press(button(page, re.compile("去办理")))
    page.wait_for_url(re.compile("/applications/"))


def confirm_in_bulk(page: Page) -> None:
    page.goto("/enterprise/")
    story.follow(link(page, re.compile("^到期日历")), press)
    expect(page.get_by_role("heading", level=1)).to_have_text("到期日历")
    look(page, "monday-deadlines")
    story.follow(link(page, re.compile("^一起确认")), press)
    tick_all(page, ASKING)
    story.follow(button(page, "批量同意"), press)
    press(button(page, f"确认同意 {ASKING} 件"))
    expect(page.get_by_role("heading", name="批量办理结果")).to_be_visible()
    assert Application.objects.filter(desk=Desk.MUNICIPAL).count() == ASKING


def renew(page: Page, firm: Firm) -> None:
    page.goto("/enterprise/deadlines/?kind=contract")
    story.follow(link(page, re.compile("^一起续签")), press)
    tick_all(page, ENDING)
    press(button(page, "续签勾选的人员"))
    expect(page.get_by_role("heading", name=f"一起续签：{ENDING} 人")).to_be_visible()
    look(page, "monday-renewals")
    press(page.get_by_label("本企业承诺"), "Space")
    press(button(page, f"向 {ENDING} 人提出续签"))
    expect(page.get_by_text(f"已向 {ENDING} 人提出续签").first).to_be_visible()
    waiting = Application.objects.filter(enterprise=firm.enterprise, desk=Desk.PERSON)
    assert waiting.count() == ENDING
    ending = Employment.objects.filter(enterprise=firm.enterprise, contract_to=firm.today + timedelta(days=20))
    assert ending.count() == ENDING, "until the people agree, nothing changes"


def sign_up_by_list(page: Page, firm: Firm) -> None:
    page.goto("/enterprise/deadlines/?kind=exam")
    story.follow(link(page, re.compile("^去报名")), press)
    press(page.locator("summary").filter(has_text="把名单给我们"))
    page.get_by_label("粘贴身份证号").focus()
    expect(page.get_by_label("粘贴身份证号")).to_be_focused()
    page.keyboard.insert_text(firm.list_of_candidates)
    press(button(page, "核对名单"))
    expect(page.get_by_role("heading", name=f"核对结果：{CANDIDATES} 行里 {CANDIDATES} 人可以报名")).to_be_visible()
    look(page, "monday-candidates")
    press(page.get_by_label("本企业承诺"), "Space")
    press(button(page, "为勾选的人员报名"))
    expect(page.get_by_text(f"{CANDIDATES} 人已报名")).to_be_visible()
    assert ExamEntry.objects.filter(enterprise=firm.enterprise).count() == CANDIDATES


def remind(page: Page) -> None:
    page.goto("/enterprise/employment/")
    story.follow(link(page, re.compile("^待本人确认")), press)
    look(page, "monday-proposals")
    story.follow(button(page, "提醒全部没有答复的"), press)
    expect(page.get_by_text(f"已提醒 {ENDING} 人").first).to_be_visible()
    press(button(page, re.compile("^提醒本人")))
    expect(page.get_by_text("1 人今天已经提醒过").first).to_be_visible()
    assert Message.objects.filter(title__contains="提醒您答复续签").count() == ENDING


def export(page: Page, folder: Path) -> None:
    page.goto("/enterprise/staff/")
    press(page.get_by_label("写出在聘人员的完整身份证号码"), "Space")
    with page.expect_download() as started:
        press(button(page, "导出表格"))
    file = folder / "人员与证书.xlsx"
    started.value.save_as(file)
    sheet = load_workbook(file, read_only=True).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 1 + STAFF
    assert Certificate.objects.count() == STAFF - CANDIDATES
    assert sum("没有证书" in row for row in rows) == CANDIDATES


@pytest.mark.django_db(transaction=True)
def test_a_clerks_monday_with_300_employees(enter: story.Enter, tmp_path: Path) -> None:
    firm = Firm()
    page = enter(firm.operator, javascript=False)
    read_the_inbox(page)
    confirm_in_bulk(page)
    renew(page, firm)
    sign_up_by_list(page, firm)
    remind(page)
    export(page, tmp_path)
