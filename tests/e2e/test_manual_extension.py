"""Follows the manual through an extension: 1.3.1 and 1.3.5, by the pages of the person and of the enterprise."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e import manual, story
from tests.factories import (
    Province,
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
)


def test_the_guide_says_who_does_what(page: Page, base_url: str) -> None:
    page.goto("/guides/")
    manual.step(page, "1.3.1-01")
    story.follow(page.get_by_role("link", name="证书延续"))
    manual.step(page, "1.3.1-02", page.get_by_role("table", name="办理流程"))
    story.follow(page.get_by_role("link", name="1.3.5 证书延续"))
    story.look(page, "manual-chapter")
    page.get_by_role("link", name="第 2 步的链接").click()
    expect(page).to_have_url(re.compile("#s1.3.5-02$"))
    story.follow(page.get_by_role("link", name="操作手册目录"))
    page.get_by_label("搜操作手册").fill("上传证件照")
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_role("link", name="1.1.2 第6步")).to_be_visible()
    story.look(page, "manual-contents")
    page.goto("/manual/whole/institution/")
    story.look(page, "manual-whole")


@pytest.mark.usefixtures("live_worker")
def test_a_certificate_is_extended(enter: story.Enter) -> None:
    province, enterprise, today = Province(), make_enterprise("江西抚河建设有限公司"), timezone.localdate()
    worker = make_person("罗小勇")
    make_employment(worker, enterprise, "08")
    certificate = make_certificate(worker, enterprise, "C2", ends_on=today + timedelta(days=60))
    make_training(worker, ends_on=today - timedelta(days=3))
    person, firm = enter(worker.user), enter(make_operator(enterprise))
    person.goto("/person/training/")
    manual.step(person, "1.3.5-01")
    person.goto("/person/certificates/")
    manual.click(person, "1.3.5-02", person.get_by_role("link", name="办理延续"))
    manual.click(person, "1.3.5-03", person.get_by_role("button", name="填写申请"))
    person.get_by_label("联系电话").fill("13800000000")
    person.get_by_label(re.compile("本人承诺")).check()
    manual.click(person, "1.3.5-04", person.get_by_role("button", name="提交申请"))
    expect(person.get_by_text("已提交")).to_be_visible()
    manual.step(person, "1.3.5-05", person.locator("[aria-current=step]"))
    firm.goto("/enterprise/confirmations/")
    manual.click(firm, "1.3.5-06", firm.get_by_role("link", name="立即处理"))
    firm.get_by_label("意见").fill("情况属实。")
    manual.click(firm, "1.3.5-07", firm.get_by_role("button", name="同意"))
    expect(firm.get_by_text("没有等待确认的申请")).to_be_visible()
    story.approve_twice(enter, province, "证书延续")
    story.open_certificate(person, certificate.number)
    story.expect_signed(person)
    manual.step(person, "1.3.5-08", person.get_by_role("link", name="下载电子证书"))
