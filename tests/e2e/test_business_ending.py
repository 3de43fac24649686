"""Certificates that end: 注销 by the holder, 跨省调出 to another province."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.models import Certificate
from tests.e2e import manual, paper, story
from tests.factories import Province, make_certificate, make_employment, make_enterprise, make_operator, make_person


class Holder:
    """Employed where the certificate is."""

    def __init__(self) -> None:
        self.province, self.enterprise = Province(), make_enterprise("江西抚河建设有限公司")
        self.operator = make_operator(self.enterprise)
        self.person = make_person("罗小勇")
        make_employment(self.person, self.enterprise, "08")
        ends = timezone.localdate() + timedelta(days=500)
        self.certificate = make_certificate(self.person, self.enterprise, "C1", ends_on=ends)

    @property
    def number(self) -> str:
        return self.certificate.number


def test_a_certificate_is_cancelled_and_announced(enter: story.Enter, page: Page) -> None:
    holder = Holder()
    person = enter(holder.person.user)
    story.start(person, holder.number, "注销")
    person.get_by_label("注销原因").select_option("退休")
    application = story.submit(person)
    story.expect_turn(person, "受聘企业确认")
    story.confirm(enter(holder.operator), "证书注销")
    story.approve(enter(holder.province.decider), "省厅审核", "证书注销")

    story.expect_approved(person, application)
    story.open_ended_certificate(person, holder.number)
    expect(person.get_by_role("heading", level=1)).to_contain_text("已终止")
    expect(person.get_by_role("heading", name="已由您申请注销")).to_be_visible()
    expect(person.get_by_text("证书已经终止，不能再办理业务。")).to_be_visible()
    expect(person.locator("#trail").get_by_text("本人申请注销：退休")).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="关于注销1本安全生产考核合格证书的公告").click()
    expect(page.get_by_text(holder.number)).to_be_visible()
    expect(page.get_by_text("罗*勇")).to_be_visible()
    expect(page.get_by_text(holder.person.name)).to_be_hidden()
    story.look(page, "cancellation-notice")
    story.look_up(page, holder.number, holder.person.name)
    expect(page.get_by_role("heading", name="没有查到可以正常使用的证书")).to_be_visible()


@pytest.mark.usefixtures("live_worker")
def test_a_certificate_leaves_the_province_with_its_proof(enter: story.Enter, page: Page, tmp_path: Path) -> None:
    holder = Holder()
    person = enter(holder.person.user)
    manual.start(person, holder.number, "跨省调出", ("1.3.11-01", "1.3.11-02"))
    person.get_by_label("调入省份").select_option("浙江省")
    person.get_by_label("调入单位").fill("浙江钱塘演示建设有限公司")
    manual.step(person, "1.3.11-03", person.get_by_label("调入单位"))
    application = manual.submit(person, ("1.3.11-04", "1.3.11-05"))
    story.confirm(enter(holder.operator), "跨省调出")
    story.approve(enter(holder.province.decider), "省厅审核", "跨省调出")

    story.expect_approved(person, application)
    assert Certificate.objects.get().legal_state == "06"
    story.open_certificate(person, holder.number)
    expect(person.get_by_text("调往浙江省")).to_be_visible()
    story.expect_signed(person, link="下载调出证明")
    expect(person.get_by_role("button", name="申领电子证书")).to_be_hidden()
    manual.step(person, "1.3.11-06", person.get_by_role("link", name="下载调出证明"))
    story.look(person, "transfer-out")
    file = tmp_path / "调出证明.pdf"
    story.download(person, "下载调出证明", file)
    paper.expect_trusted_everywhere(file)
    text = paper.printed_text(file)
    assert holder.number in text
    assert "浙江省" in text
    page.goto(paper.scanned_address(file))
    expect(page.get_by_role("heading", level=1)).to_contain_text("跨省调出证明")
    story.look_up(page, holder.number, holder.person.name)
    expect(page.get_by_role("heading", name=holder.number)).to_contain_text("跨省调出")
    story.verify(page, file)
    expect(page.get_by_role("heading", name="核验结果：真实有效")).to_be_visible()
