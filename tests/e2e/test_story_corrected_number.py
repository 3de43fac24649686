"""Two clerks correct the ID number of a person, without scripts, one at a desk and one at a narrow window."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts.enums import Duty
from accounts.models import Person, RegisterCorrection
from administration.enums import OfficeKind
from tests.factories import make_id_number, make_office, make_person, make_staff, photo_jpeg

from .story import DESK, PHONE, Enter, follow, look

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clerks_correct_a_number_without_scripts(enter: Enter, tmp_path: Path) -> None:
    office = make_office("东湖区登记点", kind=OfficeKind.REGISTRATION)
    first = enter(make_staff(office, Duty.REGISTER, name="王敏"), javascript=False, width=DESK)
    second = enter(make_staff(office, Duty.REGISTER, name="李静"), javascript=False, width=PHONE)
    person, number = make_person("葛花一"), make_id_number(birth=date(1991, 7, 14))
    scan = tmp_path / "证明.jpg"
    scan.write_bytes(photo_jpeg())

    first.goto("/office/counter/")
    first.get_by_label("身份证号码").fill(str(person.id_number))
    first.get_by_role("button", name="查询").click()
    # Both pages have a field of this name.
    follow(first.get_by_role("link", name="身份证号码更正"))
    first.get_by_label("身份证号码").fill(number)
    first.get_by_label("办理说明").fill("派出所录入有误，已对照户口簿和人像")
    first.get_by_label("证明扫描件").set_input_files(scan)
    first.get_by_label("本人在场").check()
    first.get_by_role("button", name="提出更正").click()
    expect(first.get_by_text("请填写证明文件的名称和文号").first).to_be_visible()
    expect(first.get_by_text("已保存").first).to_be_visible()
    look(first, "correction-asked", judge=False)
    first.get_by_label("证明文件及文号").fill("《公民身份号码更正证明》（东公证〔2026〕12号）")
    first.get_by_role("button", name="提出更正").click()
    expect(first.get_by_text("等待另一名登记人员复核").first).to_be_visible()

    second.goto("/office/corrections/")
    look(second, "corrections", judge=False)
    follow(second.locator("main").get_by_role("link", name="复核"))
    look(second, "correction", judge=False)
    case = RegisterCorrection.objects.get()
    second.get_by_label("身份证号码").fill(make_id_number(birth=date(1992, 1, 1)))
    second.get_by_role("button", name="核对无误").click()
    expect(second.get_by_text("与提出时填写的不一致").first).to_be_visible()
    look(second, "correction-refused", judge=False)
    second.get_by_label("身份证号码").fill(number)
    second.get_by_role("button", name="核对无误").click()
    expect(second.get_by_text("身份证号码已更正").first).to_be_visible()
    assert Person.objects.get().id_number == number
    first.goto(f"/office/corrections/{case.pk}/")
    expect(first.get_by_text("已办理").first).to_be_visible()
