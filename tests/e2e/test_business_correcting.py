"""Certificates that say something wrong or outdated: 证书纠错, also of the enterprise, and 职务变更."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from certificates.models import Certificate
from tests.accounts.cards import picture
from tests.e2e import manual, story
from tests.factories import Province, make_certificate, make_employment, make_enterprise, make_operator, make_person


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "证书内页.jpg"
    file.write_bytes(picture(900, 640))
    return file


def in_two_years() -> date:
    return timezone.localdate() + timedelta(days=700)


def test_a_wrong_date_is_corrected_at_the_counter(enter: story.Enter, scan: Path) -> None:
    province, enterprise, holder = Province(), make_enterprise(), make_person()
    make_employment(holder, enterprise, "08")
    certificate = make_certificate(holder, enterprise, "C2", ends_on=in_two_years())
    person = enter(holder.user)
    story.start(person, certificate.number, "证书纠错")
    expect(person.get_by_label("正确的初次领证日期")).to_be_hidden()
    person.get_by_label("初次领证日期有误").check()
    person.get_by_label("正确的初次领证日期").fill("2018-03-01")
    story.look(person, "correction-form")
    story.upload(person, "证书扫描件", scan)
    application = story.submit(person)
    story.expect_turn(person, "原件核验")
    story.approve(enter(province.reviewer), "原件核验", "证书纠错", archive_number="档2026-018")
    story.approve(enter(province.decider), "省厅审核", "证书纠错")

    story.expect_approved(person, application)
    story.open_certificate(person, certificate.number)
    expect(person.get_by_text("2018年3月1日").first).to_be_visible()
    corrected = Certificate.objects.get()
    assert (corrected.ends_on, corrected.latest_version) == (certificate.ends_on, 1)


def test_the_enterprise_is_corrected_by_the_municipal_office(enter: story.Enter, scan: Path) -> None:
    """The manual's way where the old enterprise cannot confirm: it is not in the registry."""
    province, enterprise, holder = Province(), make_enterprise("江西乐安江建设有限公司"), make_person()
    make_employment(holder, enterprise, "08")
    certificate = make_certificate(holder, None, "C2", ends_on=in_two_years(), enterprise_name="江西已无踪迹建筑公司")
    person = enter(holder.user)
    story.open_certificate(person, certificate.number)
    story.look(person, "correction-detail")
    person.get_by_role("link", name="办理证书纠错").first.click()
    story.fill_in(person)
    person.get_by_label("是否进行企业信息纠错").check()
    person.get_by_label("企业信息纠错的证明材料").select_option("劳动仲裁裁决书")
    story.upload(person, "证书扫描件", scan)
    story.upload(person, "证明材料", scan)
    application = story.submit(person)
    story.expect_turn(person, "地市受理")
    story.approve(enter(province.reviewer), "地市受理", "证书纠错", archive_number="档2026-019")
    story.approve(enter(province.decider), "省厅审核", "证书纠错")

    story.expect_approved(person, application)
    story.open_certificate(person, certificate.number)
    expect(person.get_by_role("heading", level=1)).to_contain_text("正常使用")
    expect(person.get_by_text(enterprise.name).first).to_be_visible()
    assert Certificate.objects.get().enterprise == enterprise


def test_another_post_is_printed_on_an_a_certificate(enter: story.Enter) -> None:
    province, enterprise, holder = Province(), make_enterprise("江西抚河建设有限公司"), make_person("罗小勇")
    operator = make_operator(enterprise)
    make_employment(holder, enterprise, "02", "03")
    certificate = make_certificate(holder, enterprise, "A", ends_on=in_two_years())
    person = enter(holder.user)
    manual.start(person, certificate.number, "职务变更", ("1.3.8-01", "1.3.8-02"))
    person.get_by_label("新职务").select_option("分管安全副总经理")
    manual.step(person, "1.3.8-03", person.get_by_label("新职务"))
    application = manual.submit(person, ("1.3.8-04", "1.3.8-05"))
    story.confirm(enter(operator), "职务变更")
    story.approve_twice(enter, province, "职务变更")

    story.expect_approved(person, application)
    story.open_certificate(person, certificate.number)
    expect(person.locator("dl.facts").first).to_contain_text("分管安全副总经理")
    changed = Certificate.objects.get()
    assert (changed.post, changed.ends_on) == ("03", certificate.ends_on)
