"""A registry clerk settles a pair of old records without scripts and by keyboard, and takes an import back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind
from administration.imports.services import run_import
from certificates.enums import LegacyState
from certificates.models import Certificate, LegacyCertificate
from tests.certificates.legacy.legacy_files import csv_bytes, id_number, row
from tests.factories import make_enterprise, make_office, make_person, make_staff

from .story import WORK, Enter, follow, look


def registry_clerk() -> User:
    office = make_office("江西省住房和城乡建设厅登记处", kind=OfficeKind.PROVINCIAL, region="360000")
    return make_staff(office, Duty.REGISTRY, name="项暮云")


def load(*rows: list[str], name: str) -> int:
    return run_import("legacy", csv_bytes(*rows), name, by="测试").run.pk


@pytest.mark.parametrize("scripts", [True, False])
def test_a_pair_is_settled(enter: Enter, page: Page, scripts: bool) -> None:
    make_person("张三", id_number=id_number(1))
    make_enterprise(name="江西甲建筑有限公司")
    load(row("张三", 1, 7), row("张三", 1, 7, 企业名称="江西乙建筑有限公司"), name="2021年批.csv")
    load(row("李四", 2, 8, 有效期止="2092-02-28"), name="2024年批.csv")
    office = enter(registry_clerk(), javascript=scripts)
    office.goto("/office/settling/")
    look(office, "settling-list", judge=scripts)
    follow(office.get_by_role("link", name="赣建安A（2024）0000007").first)
    expect(office.get_by_text("1 处不同，已标出")).to_be_visible()
    look(office, "settle-pair", judge=scripts)
    office.get_by_role("button", name="按所选处理").click()
    expect(office.get_by_role("alert").get_by_text("请填写依据：看过哪份原始材料。")).to_be_visible()
    look(office, "settle-error", judge=scripts)
    office.get_by_role("radio", name="以甲为准").focus()
    office.keyboard.press("Space")
    office.get_by_label("依据").fill("档案馆 2018 年发证清册第 14 页")
    office.get_by_role("button", name="按所选处理").focus()
    office.keyboard.press("Enter")
    expect(office.get_by_text("以这一条为准，已记录。")).to_be_visible()
    assert Certificate.objects.get().enterprise_name == "江西甲建筑有限公司"
    # The next row is there at once; its year was mistyped.
    expect(office.get_by_text("超过 6 年").first).to_be_visible()
    office.get_by_role("radio", name="更正后采用").check()
    office.get_by_text("更正的内容").click()
    office.get_by_label("有效期止").fill("2027-02-28")
    office.get_by_label("依据").fill("证书原件")
    look(office, "settle-correct", judge=scripts)
    office.get_by_role("button", name="按所选处理").click()
    expect(office.get_by_role("heading", name="没有待核实的历史数据")).to_be_visible()
    assert not LegacyCertificate.objects.filter(state=LegacyState.QUARANTINED).exists()


def test_an_import_is_taken_back(enter: Enter, page: Page, live_worker: object) -> None:
    make_person("张三", id_number=id_number(1))
    run = load(row("张三", 1, 7, 有效期止="2028-02-28"), row("李四", 2, 8), name="读错了.csv")
    office = enter(registry_clerk())
    office.goto(f"/office/imports/{run}/")
    follow(office.get_by_role("link", name="撤回这次导入"))
    look(office, "reversal")
    office.get_by_label("撤回的原因").fill("有效期止读错了一年")
    office.get_by_role("button", name="确认撤回").click()
    expect(office.get_by_text("已撤回 2 行，0 行不能撤回。")).to_be_visible(timeout=1000 * WORK)
    look(office, "reversal-done")
