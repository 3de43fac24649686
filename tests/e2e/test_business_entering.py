"""Certificates that come in with their paper originals: 录入证书 and 进赣换证."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.models import Certificate
from common.dates import chinese_date, term_end
from tests.accounts.cards import picture
from tests.e2e import manual, story
from tests.factories import Province, make_employment, make_enterprise, make_operator, make_person

OLD_NAME = "江西某某建筑安装公司"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "证书内页.jpg"
    file.write_bytes(picture(900, 640))
    return file


class Newcomer:
    """Employed here, without any certificate that the portal knows."""

    def __init__(self) -> None:
        self.province, self.enterprise = Province(), make_enterprise("江西信江建设有限公司")
        self.operator = make_operator(self.enterprise)
        self.person = make_person("欧阳建国")
        make_employment(self.person, self.enterprise, "08")
        self.starts_on = timezone.localdate() - timedelta(days=300)

    @property
    def ends_on(self) -> date:
        return term_end(self.starts_on)

    def fill_in(self, page: Page, number: str, enterprise_name: str) -> None:
        page.get_by_label("证书编号").fill(number)
        page.get_by_label("证书类别").select_option(label="土建类专职安全生产管理人员")
        page.get_by_label("证书上的企业名称").fill(enterprise_name)
        page.get_by_label("初次领证日期").fill("2019-03-01")
        page.get_by_label("有效期起").fill(self.starts_on.isoformat())
        page.get_by_label("有效期止").fill(self.ends_on.isoformat())


def expect_pending(page: Page, label: str, business: str) -> None:
    page.goto("/person/certificates/")
    expect(page.get_by_role("heading", name=business)).to_contain_text(label)


def approve_with_originals(enter: story.Enter, province: Province, title: str, name: str, scan: Path) -> None:
    """The counter has them before it and keeps the old certificate; without that it is told what is missing."""
    counter = enter(province.reviewer)
    story.open_case(counter, "原件核验", title)
    expect(counter.get_by_role("img", name="证书内页.jpg").first).to_be_visible()
    story.look(counter, name)
    counter.get_by_role("button", name="通过", exact=True).click()
    expect(counter.get_by_role("alert")).to_contain_text("居民身份证原件还没有核对")
    story.look(counter, f"{name}-refused")
    counter.get_by_label("已见原件，核对一致").first.check()
    counter.get_by_label("身份证原件扫描件").set_input_files(scan)
    story.follow(counter.get_by_role("button", name="上传所选文件"))
    expect(counter.get_by_text("已上传：")).to_be_visible()
    expect(counter.get_by_label("已见原件，核对一致").first).to_be_checked()
    story.tick_originals(counter, "档2026-017")
    story.look(counter, f"{name}-ticked")
    story.follow(counter.get_by_role("button", name="通过", exact=True))
    expect(counter.get_by_text("已通过")).to_be_visible()
    decider = enter(province.decider)
    story.open_case(decider, "省厅审核", title)
    expect(decider.get_by_role("heading", name="已核对的原件")).to_be_visible()
    decider.get_by_text("居民身份证（窗口扫描）", exact=True).click()
    expect(decider.get_by_role("img", name="居民身份证（窗口扫描）")).to_be_visible()
    story.look(decider, f"{name}-province")
    story.follow(decider.get_by_role("button", name="通过", exact=True))
    expect(decider.get_by_text("已通过")).to_be_visible()


def test_a_paper_certificate_is_entered_and_checked_against_its_original(enter: story.Enter, scan: Path) -> None:
    newcomer = Newcomer()
    person = enter(newcomer.person.user)
    person.goto("/person/certificates/")
    expect(person.get_by_role("heading", name="还没有证书")).to_be_visible()
    story.follow(person.get_by_role("link", name="录入证书").first)
    story.look(person, "late-entry-start")
    story.fill_in(person)
    newcomer.fill_in(person, "赣建安C2(2019)0007788", newcomer.enterprise.name)
    story.look(person, "late-entry-form")
    story.upload(person, "证书扫描件", scan)
    application = story.submit(person)
    story.expect_turn(person, "原件核验")
    expect_pending(person, "新增归档", "录入证书")
    approve_with_originals(enter, newcomer.province, "录入证书", "late-entry-counter", scan)

    story.expect_approved(person, application)
    story.look(person, "late-entry-progress")
    story.open_certificate(person, "赣建安C2（2019）0007788")
    expect(person.get_by_role("heading", level=1)).to_contain_text("正常使用")
    expect(person.get_by_text(chinese_date(newcomer.ends_on)).first).to_be_visible()
    assert Certificate.objects.get().enterprise == newcomer.enterprise


def test_a_certificate_of_another_province_is_exchanged(enter: story.Enter, scan: Path) -> None:
    newcomer = Newcomer()
    person = enter(newcomer.person.user)
    person.goto("/applications/new/")
    manual.click(person, "1.3.12-01", person.get_by_role("link", name="进赣换证", exact=True))
    manual.begin(person, "1.3.12-02")
    newcomer.fill_in(person, "浙建安C2（2019）0007788", "浙江钱塘演示建设有限公司")
    manual.step(person, "1.3.12-03", person.get_by_label("证书编号"))
    story.upload(person, "外省证书扫描件", scan)
    manual.step(person, "1.3.12-04", person.get_by_role("button", name="上传所选文件"))
    story.upload(person, "调出证明", scan)
    application = manual.submit(person, ("1.3.12-05", "1.3.12-06"))
    expect_pending(person, "进赣换证", "进赣换证")
    story.confirm(enter(newcomer.operator), "进赣换证")
    approve_with_originals(enter, newcomer.province, "进赣换证", "transfer-in-counter", scan)

    story.expect_approved(person, application)
    certificate = Certificate.objects.get()
    assert re.fullmatch(rf"赣建安C2（{timezone.localdate().year}）\d{{7}}", certificate.number)
    story.open_certificate(person, certificate.number)
    expect(person.get_by_role("heading", level=1)).to_contain_text("正常使用")
    expect(person.get_by_text("由外省证书浙建安C2（2019）0007788换发")).to_be_visible()
    assert (certificate.enterprise, certificate.ends_on) == (newcomer.enterprise, newcomer.ends_on)
