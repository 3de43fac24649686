"""On a phone: a change of enterprise is refused, its page leads to the correction, and a corrected certificate is in the hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate
from tests.accounts.cards import picture
from tests.e2e import story
from tests.factories import Province, make_certificate, make_employment, make_enterprise, make_operator, make_person
from workflow.actors import SYSTEM
from workflow.models import Application

pytestmark = pytest.mark.usefixtures("live_worker")
REASON = "原单位说明劳动争议已由仲裁裁决，证书上的初次领证日期也与档案不符。请凭裁决书办理证书纠错。"


@pytest.fixture
def phone(browser: Browser, base_url: str, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    given = {**browser_context_args, "base_url": base_url}
    context = browser.new_context(
        **given, viewport={"width": story.PHONE, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


class Mover:
    def __init__(self) -> None:
        self.province = Province()
        self.old, self.new = make_enterprise("江西旧洲建设有限公司"), make_enterprise("江西新洲建设有限公司")
        self.operator = make_operator(self.old)
        self.person = make_person("罗小勇")
        make_employment(self.person, self.new, "08")
        ends = timezone.localdate() + timedelta(days=500)
        self.certificate: Certificate = make_certificate(self.person, self.old, "C2", ends_on=ends)
        issue_electronic(certificate_id=self.certificate.pk, by=SYSTEM, now=timezone.now())
        self.former_address = f"/v/{self.certificate.versions.get().token}/"

    def file_the_change(self, phone: Page) -> Application:
        phone.goto("/person/certificates/")
        story.follow(phone.get_by_role("link", name="办理执业企业变更").first, Locator.tap)
        story.look(phone, "refused-change-start")
        story.fill_in(phone)
        story.look(phone, "refused-change-form")
        application = story.submit(phone)
        story.look(phone, "refused-change-filed")
        return application


def refuse(page: Page) -> None:
    story.open_case(page, "地市受理", "执业企业变更")
    page.get_by_label("意见").fill(REASON)
    page.get_by_role("button", name="不予通过").click()
    expect(page.get_by_text("已作出不予通过的决定")).to_be_visible()


def follow_the_refusal(phone: Page, number: str) -> None:
    """From the message over the outcome to each way that it names."""
    phone.goto("/messages/")
    expect(phone.locator("main")).to_contain_text("不予通过")
    story.look(phone, "refused-change-message")
    phone.goto(f"/applications/{number}/")
    outcome = phone.get_by_role("region", name="没有通过")
    expect(outcome).to_contain_text(REASON)
    expect(outcome.get_by_role("heading", name="接下来可以怎么办")).to_be_visible()
    story.look(phone, "refused-change-outcome")
    for name, title in (("重新申请", "执业企业变更"), ("要准备什么", "证书纠错")):
        story.follow(outcome.get_by_role("link", name=re.compile(name)).first, Locator.tap)
        expect(phone.get_by_role("heading", level=1)).to_contain_text(title)
        story.look(phone, f"refused-change-way-{title}")
        phone.goto(f"/applications/{number}/")
    expect(outcome).to_contain_text("可以申请行政复议")
    story.follow(outcome.get_by_role("link", name=re.compile("办理证书纠错")), Locator.tap)


def file_the_correction(phone: Page, scan: Path) -> Application:
    story.look(phone, "refused-correction-start")
    story.fill_in(phone)
    phone.get_by_label("初次领证日期有误").check()
    phone.get_by_label("正确的初次领证日期").fill("2018-03-01")
    phone.get_by_label("是否进行企业信息纠错").check()
    phone.get_by_label("企业信息纠错的证明材料").select_option("劳动仲裁裁决书")
    story.look(phone, "refused-correction-form")
    story.upload(phone, "证书扫描件", scan)
    story.upload(phone, "证明材料", scan)
    application = story.submit(phone)
    story.look(phone, "refused-correction-filed")
    return application


def scanned(code: Locator) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(code.screenshot())))
    return urlsplit(found.text).path


def test_after_the_refusal_the_correction_brings_a_new_certificate(
    enter: story.Enter, phone: Page, page: Page, tmp_path: Path
) -> None:
    mover, scan = Mover(), tmp_path / "证书和裁决书.jpg"
    scan.write_bytes(picture(900, 640))
    story.log_in_on_phone(phone, mover.person.id_number)
    refused = mover.file_the_change(phone)
    story.confirm(enter(mover.operator), "执业企业变更")
    refuse(enter(mover.province.reviewer))

    follow_the_refusal(phone, refused.number)
    correction = file_the_correction(phone, scan)
    story.approve(enter(mover.province.reviewer), "地市受理", "证书纠错", archive_number="档2026-021")
    story.approve(enter(mover.province.decider), "省厅审核", "证书纠错")

    story.expect_approved(phone, correction)
    story.look(phone, "refused-correction-done")
    story.open_certificate(phone, mover.certificate.number)
    story.expect_signed(phone)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("正常使用")
    story.look(phone, "refused-corrected-detail")
    now = Certificate.objects.get()
    assert (now.enterprise, now.first_issued_on.isoformat(), now.latest_version) == (mover.new, "2018-03-01", 2)
    phone.goto("/m/")
    story.follow(phone.get_by_role("link", name="出示证书"), Locator.tap)
    expect(phone.get_by_text("刚刚核对")).to_be_visible()
    expect(phone.locator("main")).to_contain_text(mover.new.name)
    expect(phone.get_by_role("link", name="下载 PDF")).to_be_visible()
    story.look(phone, "refused-corrected-in-hand")

    page.goto(scanned(phone.get_by_role("img", name="核对二维码")))
    public = page.locator("main")
    expect(public).to_contain_text(mover.new.name)
    expect(public).to_contain_text("正常使用")
    expect(public).not_to_contain_text(mover.old.name)
    story.look(page, "refused-corrected-public")
    page.goto(mover.former_address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("已被第 2 版取代")
    story.look_up(page, mover.certificate.number, mover.person.name)
    expect(page.locator("#result")).to_contain_text("2018年3月1日")
