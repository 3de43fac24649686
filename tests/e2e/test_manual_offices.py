"""Follows the manual of those who work for an office: 2.1 to 2.4, 4.1, 4.2 and 5.1 to 5.3, step by step."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.credentials import totp
from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.enums import OfficeKind
from enterprises.models import Enterprise
from tests.accounts.cards import make_card, picture
from tests.e2e import manual, story
from tests.factories import (
    PASSWORD,
    Province,
    actor,
    enrol_totp,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_staff,
    make_training,
    next_code,
)
from tests.worlds.correction import CorrectionWorld
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action
from workflow.services.acting import act

SECRETS = ".totp-qr, .totp-key, .totp-codes"


def test_staff_log_in_for_the_first_time_and_again(page: Page, base_url: str) -> None:
    user = make_staff(make_office("南昌市住房和城乡建设局"), Duty.REVIEW, name="王敏")
    page.goto("/")
    manual.click(page, "2.1-01", page.get_by_role("link", name="业务审批"))
    page.get_by_label("登录名").fill(user.login)
    page.get_by_label("密码").fill(PASSWORD)
    manual.click(page, "2.1-02", page.get_by_role("button", name="登录"))
    secret = page.locator(".totp-key").inner_text().replace(" ", "")
    page.get_by_label("6位验证码").fill(totp.code_at(secret, timezone.now()))
    manual.click(page, "2.1-03", page.get_by_role("button", name="确认启用"), hide=SECRETS)
    manual.click(page, "2.1-04", page.get_by_role("link", name="已经保存，继续"), hide=SECRETS)
    page.context.clear_cookies()
    page.goto("/office/")
    page.get_by_label("登录名").fill(user.login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("验证码").fill(next_code(user))
    manual.click(page, "2.1-05", page.get_by_role("button", name="登录"))
    page.wait_for_url("**/office/")


def test_a_clerk_registers_a_person(enter: story.Enter, tmp_path: Path, settings: Any) -> None:
    settings.PUBLIC_BASE_URL = "https://zjy.jxjst.gov.cn"
    clerk = make_staff(make_office("东湖区实名制登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER)
    card, portrait = make_card(name="欧阳建国"), tmp_path / "人像.jpg"
    portrait.write_bytes(picture(358, 441))
    page = enter(clerk)
    page.goto("/office/counter/")
    page.get_by_label("身份证号码").fill(card.id_number)
    manual.click(page, "2.2-01", page.get_by_role("button", name="查询"))
    page.get_by_label("姓名").fill(card.name)
    page.get_by_label("男" if card.sex == "male" else "女").check()
    for label, value in (("民族", card.ethnicity), ("住址", card.address)):
        page.get_by_label(label).fill(value)
    page.get_by_label("出生日期").fill(card.birth_date.isoformat())
    page.get_by_label("有效期起").fill(card.valid_from.isoformat())
    page.get_by_label("长期有效").check()
    page.get_by_label("人像").set_input_files(portrait)
    manual.click(page, "2.2-02", page.get_by_role("button", name="登记并打印回执"), hide="main img")
    manual.step(page, "2.2-03", page.get_by_role("heading", name="实名制登记回执"), hide="main img, dd b")
    page.goto("/office/counter/")
    page.get_by_label("身份证号码").fill(card.id_number)
    page.get_by_role("button", name="查询").click()
    manual.click(page, "2.2-04", page.get_by_role("link", name="出具窗口核验码"), hide="main img")
    page.get_by_label("已核对身份证原件").check()
    manual.click(page, "2.2-05", page.get_by_role("button", name="已核验，出具核验码"), hide="main img")
    expect(page.get_by_role("heading", name="窗口核验码")).to_be_visible()


def firm() -> tuple[Enterprise, User]:
    enterprise = make_enterprise("江西抚河建设有限公司")
    return enterprise, make_operator(enterprise)


def test_a_reviewer_decides(enter: story.Enter) -> None:
    world = ExtensionWorld(enterprise=firm())
    application = world.file()
    act(application.pk, action=Action.APPROVE, actor=actor(world.operator), now=timezone.now())
    page = enter(world.province.reviewer)
    page.goto("/office/")
    manual.click(page, "2.3-01", page.get_by_role("link", name="地市受理待办"))
    manual.click(page, "2.3-02", page.get_by_role("link", name="证书延续"))
    manual.step(page, "2.3-03", page.get_by_role("button", name="退回补正", exact=True), hide="main img")
    manual.click(page, "2.3-04", page.get_by_role("button", name="通过", exact=True), hide="main img")
    expect(page.get_by_text("已通过")).to_be_visible()


def test_a_counter_compares_originals(enter: story.Enter) -> None:
    world = CorrectionWorld(enterprise=firm())
    world.file()
    page = enter(world.province.reviewer)
    page.goto("/office/")
    manual.click(page, "2.4-01", page.get_by_role("link", name="原件核验待办"))
    story.follow(page.get_by_role("link", name="证书纠错"))
    story.tick_originals(page, "档2026-018")
    manual.step(page, "2.4-02", page.get_by_text("已见原件，核对一致").first, hide="main img")
    manual.click(page, "2.4-03", page.get_by_role("button", name="通过", exact=True), hide="main img")
    expect(page.get_by_text("已通过")).to_be_visible()


def test_an_institution_records_and_corrects(enter: story.Enter) -> None:
    Province()
    school = make_office("九江培训学校", kind=OfficeKind.TRAINING, region="360400")
    worker, day = make_person("古丽·买买提"), (timezone.localdate() - timedelta(days=1)).isoformat()
    record = make_training(worker, ends_on=timezone.localdate() - timedelta(days=3))
    record.institution, record.institution_name = school, school.name
    record.save()
    page = enter(make_staff(school, Duty.TRAINING, name="赵老师"))
    page.goto("/office/training/")
    manual.step(page, "4.1-03", page.locator("#main").get_by_role("link", name="上传名单"))
    manual.click(page, "4.1-01", page.locator("#main").get_by_role("link", name="登记一条"))
    for label, value in (("姓名", worker.name), ("身份证号", str(worker.id_number)), ("课程", "补训"), ("学时", "12")):
        page.get_by_label(label, exact=False).first.fill(value)
    page.get_by_label("开始日期").fill(day)
    page.get_by_label("结束日期").fill(day)
    manual.click(page, "4.1-02", page.get_by_role("button", name="登记", exact=True))
    expect(page.get_by_text("已登记")).to_be_visible()
    page.goto("/office/training/")
    manual.click(page, "4.2-01", page.get_by_role("link", name=f"更正 {worker.name}").last)
    page.get_by_label("学时").fill("16")
    page.get_by_label("更正原因").fill("按签到表更正")
    manual.click(page, "4.2-02", page.get_by_role("button", name="保存更正"))
    manual.step(page, "4.2-03", page.get_by_text("原记录保留为已撤回"))


def administrator(enter: story.Enter, sphere: Sphere, name: str) -> Page:
    return enter(User.objects.create(login=f"adm-{sphere}", sphere=sphere, name=name))


def test_administrators_have_a_duty_each(enter: story.Enter) -> None:
    province = Province()
    enrol_totp(province.reviewer)
    guard = administrator(enter, Sphere.SECURITY_ADMIN, "安全管理员")
    guard.goto("/office/users/")
    manual.click(guard, "5.1-01", guard.get_by_role("link", name=province.reviewer.login, exact=True))
    manual.step(guard, "5.1-02", guard.get_by_role("button", name="保存职责"))
    manual.step(guard, "5.1-03", guard.get_by_role("button", name="重置动态口令"))
    auditor = administrator(enter, Sphere.AUDIT_ADMIN, "审计管理员")
    auditor.goto("/office/audit/")
    manual.step(auditor, "5.2-01")
    auditor.get_by_role("textbox", name="身份证号码").fill(str(make_person("罗小勇").id_number))
    manual.click(auditor, "5.2-02", auditor.get_by_role("button", name="按身份证查询"))
    expect(auditor.get_by_role("heading", name="罗小勇")).to_be_visible()
    keeper = administrator(enter, Sphere.SYSTEM_ADMIN, "系统管理员")
    keeper.goto("/office/parameters/")
    manual.step(keeper, "5.3-01")
    decider = enter(province.decider)
    decider.goto("/office/parameters/acceptance_days/")
    manual.step(decider, "5.3-02", decider.get_by_role("link", name="登记新取值"))
