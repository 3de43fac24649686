"""An enterprise with a new name in the business registry: sync, difference, rename through both desks, new certificates."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.models import Certificate
from devtools.demo_servers.business_registry import KEY, demo_registry_server
from tests.e2e import manual, paper, story
from tests.factories import (
    Province,
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
)

pytestmark = pytest.mark.usefixtures("live_worker")
OLD, NEW = "江西旧章建设有限公司", "江西新章建设集团有限公司"


def test_an_enterprise_takes_its_new_name_and_its_certificates_follow(
    enter: story.Enter, page: Page, tmp_path: Path, settings: Any
) -> None:
    province, enterprise = Province(), make_enterprise(OLD, legal_representative="程立")
    operator_user, holder = make_operator(enterprise), make_person("欧阳·䶮")
    make_employment(holder, enterprise, "07")
    ends = timezone.localdate() + timedelta(days=700)
    certificate = make_certificate(holder, enterprise, "B", ends_on=ends)
    unable = make_person("无照人", photo=False)
    make_employment(unable, enterprise, "08")
    kept = make_certificate(unable, enterprise, "C2", ends_on=ends)

    person = enter(holder.user)
    story.open_certificate(person, certificate.number)
    person.get_by_role("button", name="申领电子证书").click()
    story.expect_signed(person)
    story.download(person, "下载电子证书", tmp_path / "旧版.pdf")
    old_address = paper.scanned_address(tmp_path / "旧版.pdf")

    # 企业基本信息, without a script: the registry knows another name.
    operator, plain = enter(operator_user), enter(operator_user, javascript=False)
    operator.goto("/enterprise/profile/")
    story.look(operator, "rename-profile")
    manual.click(operator, "1.5-01", operator.get_by_role("button", name="工商信息数据同步"))
    expect(operator.get_by_text("尚未接入工商登记系统")).to_be_visible()
    story.look(operator, "rename-no-registry")
    record = {"uscc": enterprise.uscc, "name": NEW, "legal_representative": "雷鸣", "status": "existing"}
    with demo_registry_server(lambda: {enterprise.uscc: record}) as url:
        settings.REGISTRY_URL, settings.REGISTRY_KEY = url, KEY
        plain.goto("/enterprise/profile/")
        plain.get_by_role("button", name="工商信息数据同步").click()
        expect(plain.get_by_role("cell", name=NEW)).to_be_visible()
        expect(plain.get_by_role("cell", name=OLD)).to_be_visible()
        operator.goto(plain.url)
        story.look(operator, "rename-difference")
        manual.step(operator, "1.5-02", operator.get_by_role("button", name="检查无误，确认更新"))
        plain.get_by_role("button", name="检查无误，确认更新").click()
        expect(plain.get_by_text("已更新：企业名称、法定代表人")).to_be_visible()

    story.open_certificate(person, certificate.number)
    expect(person.get_by_role("heading", level=1)).to_contain_text("正常使用")
    expect(person.get_by_text("企业名称已变更").first).to_be_visible()
    story.look(person, "rename-advisory")
    story.look_up(page, certificate.number, holder.name)

    # 【办事】-【业务办理】-【安全管理考核证书管理】-【企业名称变更】
    operator.goto("/enterprise/")
    story.follow(operator.get_by_role("link", name="办事").first)
    manual.click(operator, "1.5-03", operator.get_by_role("link", name="企业名称变更", exact=True))
    expect(operator.get_by_text("可以换发 1 本证书")).to_be_visible()
    expect(operator.get_by_text(kept.number)).to_be_visible()
    story.look(operator, "rename-start")
    manual.click(operator, "1.5-04", operator.get_by_role("button", name="填写申请"))
    operator.get_by_label("联系电话").fill("0791-86000001")
    operator.get_by_label(re.compile("本企业承诺")).check()
    manual.click(operator, "1.5-05", operator.get_by_role("button", name="提交申请"))
    expect(operator.get_by_text("已提交")).to_be_visible()
    manual.step(operator, "1.5-06", operator.locator("[aria-current=step]"))
    address = operator.url
    story.look(operator, "rename-filed")

    story.approve_twice(enter, province, "企业名称变更")
    operator.goto(address)
    expect(operator.get_by_role("heading", level=1)).to_contain_text("已办结")
    expect(operator.get_by_text("2 / 2")).to_be_visible(timeout=story.WORK * 1000)
    expect(operator.get_by_role("cell", name="未上传证件照")).to_be_visible()
    story.look(operator, "rename-done")

    story.open_certificate(person, certificate.number)
    expect(person.get_by_text(NEW).first).to_be_visible()
    expect(person.get_by_text("企业名称已变更")).to_have_count(0)
    story.expect_signed(person)
    story.download(person, "下载电子证书", tmp_path / "新版.pdf")
    assert NEW in paper.printed_text(tmp_path / "新版.pdf")
    now = Certificate.objects.get(pk=certificate.pk)
    assert (now.latest_version, now.ends_on, now.number) == (2, ends, certificate.number)
    page.goto(old_address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("已被第 2 版取代")
    expect(page.get_by_text(NEW)).to_be_visible()
