"""Follows the manual of operators, reviewers, heads and administrators: 1.11, 2.6, 2.7 and 5.4 to 5.6, step by step."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.models import CalendarDay
from enterprises.enums import OperatorRole
from enterprises.models import CaKey, OperatorDelegation
from tests.e2e import manual, story
from tests.factories import actor, make_enterprise, make_id_number, make_operator, make_staff
from tests.worlds.extension import ExtensionWorld
from workflow.enums import Action
from workflow.models import Absence, Application
from workflow.services.acting import act

REASON = "身份证扫描件第 2 页没有上传"


def test_a_manager_shares_the_work_of_an_enterprise(enter: story.Enter) -> None:
    enterprise = make_enterprise("江西抚河建设有限公司")
    manager = make_operator(enterprise, "李会计")
    clerk = make_operator(enterprise, "周小满", role=OperatorRole.CLERK)
    page, today = enter(manager), timezone.localdate()
    page.goto("/enterprise/")
    manual.click(page, "1.11-01", page.get_by_role("link", name="CA 锁与操作员").first)
    manual.click(page, "1.11-02", page.get_by_role("link", name=re.compile(f"^设置角色.*{clerk.name}")))
    page.get_by_label("经办人").check()
    page.get_by_label("可以业务确认").check()
    manual.click(page, "1.11-03", page.get_by_role("button", name="保存角色"))
    story.follow(page.get_by_role("link", name="授权几天"))
    page.get_by_label("管理操作员").check()
    page.get_by_label("从哪一天起").fill(today.isoformat())
    page.get_by_label("到哪一天止").fill((today + timedelta(days=2)).isoformat())
    manual.click(page, "1.11-04", page.get_by_role("button", name="授权", exact=True))
    page.wait_for_url("**/enterprise/keys/*/")
    page.goto("/enterprise/keys/")
    expect(page.get_by_text("授权管理操作员")).to_be_visible()
    manual.step(page, "1.11-05", page.get_by_role("link", name=re.compile(f"^停用、挂失.*{clerk.name}")))
    key = CaKey.objects.get(user=clerk)
    assert key.may_confirm
    assert OperatorDelegation.objects.get().key == key


class Section:
    """The section of 南昌 with its head and two reviewers; one extension waits for it."""

    def __init__(self) -> None:
        enterprise = make_enterprise("江西抚河建设有限公司")
        self.world = ExtensionWorld(enterprise=(enterprise, make_operator(enterprise)))
        self.office = self.world.province.municipal
        self.head = make_staff(self.office, Duty.HEAD, name="邹处长")
        self.first = self.world.province.reviewer
        self.second = make_staff(self.office, Duty.REVIEW, Duty.COUNTER, name="甘同事")
        self.case = self.world.file(now=timezone.now())
        act(self.case.pk, action=Action.APPROVE, actor=actor(self.world.operator), now=timezone.now())


def test_a_decision_is_taken_back_and_the_letter_follows_the_next_one(
    enter: story.Enter, settings: Any, run_jobs: Callable[..., list[str]]
) -> None:
    section = Section()
    settings.UNDO_SECONDS = 60
    page = enter(section.first)
    story.open_case(page, "地市受理", "证书延续")
    page.get_by_text("常用原因", exact=True).click()
    manual.step(page, "2.6-01", page.get_by_text("常用原因", exact=True), hide="main img")
    page.get_by_label("意见", exact=True).fill(REASON)
    preview = page.get_by_role("button", name="预览补正通知书")
    manual.step(page, "2.6-02", preview, hide="main img")
    with page.expect_popup() as opened:
        preview.click()
    opened.value.get_by_role("heading", name="补正通知书").wait_for()
    manual.step(opened.value, "2.6-03")
    opened.value.close()
    story.follow(page.get_by_role("button", name="退回补正", exact=True))
    manual.click(page, "2.6-04", page.get_by_role("button", name="撤销上一件"))
    expect(page.get_by_text("已撤销").first).to_be_visible()
    settings.UNDO_SECONDS = 0
    story.open_case(page, "地市受理", "证书延续")
    page.get_by_label("意见", exact=True).fill(REASON)
    page.get_by_role("button", name="退回补正", exact=True).click()
    expect(page.get_by_text("已退回补正")).to_be_visible()
    run_jobs()
    page.goto(f"/office/applications/{section.case.number}/")
    manual.step(page, "2.6-05", page.get_by_role("link", name="下载补正通知书"))


def test_a_head_gives_cases_to_colleagues(enter: story.Enter) -> None:
    section, today = Section(), timezone.localdate()
    head = enter(section.head)
    head.goto("/office/head/")
    manual.step(head, "2.7-01", head.get_by_role("link", name="本周周报（PDF）"))
    story.follow(head.get_by_role("link", name="分办", exact=True).first)
    head.get_by_label("选择").last.check()
    head.get_by_label("原因").fill("分工")
    head.get_by_label("同事").select_option(label=f"{section.first.name}（{section.first.duties_in_words}）")
    manual.click(head, "2.7-02", head.get_by_role("button", name="分给这位同事"))
    head.get_by_role("button", name=re.compile("^确认.*1 件$")).click()
    expect(head.get_by_role("heading", name="批量办理结果")).to_be_visible()
    colleague = enter(section.second)
    colleague.goto(f"/office/applications/{section.case.number}/")
    manual.click(colleague, "2.7-03", colleague.get_by_role("link", name="接手办理"))
    colleague.get_by_role("textbox").last.fill("承办人出差")
    manual.click(colleague, "2.7-04", colleague.get_by_role("button", name="确认接手"))
    expect(colleague.get_by_role("button", name="通过", exact=True)).to_be_visible()
    assert Application.objects.get().assignee == section.second
    head.goto("/office/absences/")
    for label, user in (("请假人", section.second), ("代办人", section.first)):
        head.get_by_label(label).select_option(label=f"{user.name}（{user.duties_in_words}）")
    head.get_by_label("开始日期").fill(today.isoformat())
    head.get_by_label("结束日期").fill((today + timedelta(days=3)).isoformat())
    manual.click(head, "2.7-05", head.get_by_role("button", name="登记", exact=True))
    expect(head.get_by_role("button", name="结束代办")).to_be_visible()
    assert Absence.objects.get().deputy == section.first


def test_the_system_administrator_keeps_logins_holidays_and_jobs(enter: story.Enter) -> None:
    section = Section()
    keeper: Page = enter(User.objects.create(login="adm-system", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员"))
    keeper.goto("/office/registry/")
    manual.click(keeper, "5.4-01", keeper.get_by_role("link", name=re.compile(r"^新增\s*用户$")))
    keeper.get_by_label("姓名").fill("赵新")
    keeper.get_by_label("身份证号").fill(make_id_number())
    keeper.get_by_label("所在部门").select_option(label=section.office.name)
    manual.click(keeper, "5.4-02", keeper.get_by_role("button", name="保存", exact=True))
    manual.step(keeper, "5.4-03", keeper.locator("dl.facts"), hide=".font-monospace")
    made = User.objects.get(name="赵新")
    keeper.goto(f"/office/registry/accounts/user/{made.pk}/change/")
    keeper.get_by_label("启用", exact=True).uncheck()
    manual.step(keeper, "5.4-04", keeper.get_by_role("button", name="重置密码"))
    keeper.goto("/office/registry/")
    manual.click(keeper, "5.5-01", keeper.get_by_role("link", name=re.compile(r"^新增\s*工作日历$")))
    day = timezone.localdate() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    keeper.get_by_label("日期").fill(day.isoformat())
    keeper.get_by_label("说明").fill("临时放假")
    manual.click(keeper, "5.5-02", keeper.get_by_role("button", name="保存", exact=True))
    manual.click(keeper, "5.5-03", keeper.get_by_role("button", name="确认保存"))
    expect(keeper.get_by_text("期限随之改变")).to_be_visible()
    assert CalendarDay.objects.filter(day=day, is_workday=False).exists()
    keeper.goto("/office/jobs/")
    manual.step(keeper, "5.6-01", keeper.get_by_role("button", name="现在运行").first)
    manual.click(keeper, "5.6-02", keeper.get_by_role("link", name="失败的文件和任务"))
    expect(keeper.get_by_text("没有失败的任务")).to_be_visible()
    manual.step(keeper, "5.6-03")
