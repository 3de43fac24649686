"""Follows the manual through the certificates of a person: 1.3.2 to 1.3.4, 1.3.6 and 1.3.7, step by step."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Person
from certificates.models import Certificate
from common.dates import term_end
from tests.accounts.cards import picture
from tests.e2e import manual, story
from tests.factories import Province, make_certificate, make_employment, make_enterprise, make_operator, make_person

NUMBER = "赣建安C2（2019）0007788"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "证书内页.jpg"
    file.write_bytes(picture(900, 640))
    return file


class Holder:
    """Employed where the certificate is; `elsewhere` has moved to another enterprise since."""

    def __init__(self, *, elsewhere: bool = False, photo: bool = True) -> None:
        self.province, self.enterprise = Province(), make_enterprise("江西抚河建设有限公司")
        self.operator = make_operator(self.enterprise)
        self.person: Person = make_person("罗小勇", photo=photo)
        self.new = make_enterprise("江西新洲建设有限公司") if elsewhere else self.enterprise
        make_employment(self.person, self.new, "08")
        ends = timezone.localdate() + timedelta(days=500)
        self.certificate: Certificate = make_certificate(self.person, self.enterprise, "C2", ends_on=ends)


def promise_and_submit(page: Page, code: str) -> None:
    page.get_by_label(re.compile("本人承诺")).check()
    manual.click(page, code, page.get_by_role("button", name="提交申请"))
    expect(page.get_by_text("已提交")).to_be_visible()


def services(page: Page, number: str) -> None:
    page.goto("/person/certificates/")
    page.get_by_role("link", name=f"业务办理 {number}").click()


@pytest.mark.usefixtures("live_worker")
def test_my_certificates(enter: story.Enter) -> None:
    holder = Holder()
    person = enter(holder.person.user)
    person.goto("/person/certificates/")
    manual.click(person, "1.3.2-04", person.get_by_role("link", name="查看详情"))
    manual.step(person, "1.3.2-05", person.locator("#trail"))
    manual.click(person, "1.3.2-06", person.get_by_role("button", name="申领电子证书"))
    story.expect_signed(person)
    manual.step(person, "1.3.2-07", person.get_by_role("link", name="下载电子证书"))


def test_a_certificate_moves_to_the_new_employer(enter: story.Enter) -> None:
    holder = Holder(elsewhere=True)
    person = enter(holder.person.user)
    person.goto("/person/certificates/")
    manual.step(person, "1.3.2-02", story.line_of(person, holder.certificate.number))
    manual.click(person, "1.3.3-01", person.get_by_role("link", name="办理执业企业变更").first)
    manual.click(person, "1.3.3-02", person.get_by_role("button", name="填写申请"))
    person.get_by_label("联系电话").fill("13800000000")
    promise_and_submit(person, "1.3.3-04")
    manual.step(person, "1.3.3-05", person.locator("[aria-current=step]"))
    former = enter(holder.operator)
    former.goto("/enterprise/confirmations/")
    manual.click(former, "1.3.3-06", former.get_by_role("link", name="立即处理"))
    former.get_by_label("意见").fill("已离职，同意变更。")
    manual.click(former, "1.3.3-07", former.get_by_role("button", name="同意"))
    expect(former.get_by_text("没有等待确认的申请")).to_be_visible()
    story.expect_turn(person, "地市受理")


def test_a_condition_that_is_not_met_says_how_to_meet_it(enter: story.Enter) -> None:
    holder = Holder(elsewhere=True, photo=False)
    person = enter(holder.person.user)
    person.goto(f"/applications/new/employer_change/?certificate={holder.certificate.pk}")
    manual.step(person, "1.3.3-03", person.get_by_role("link", name="上传证件照").first)


def test_a_certificate_is_cancelled(enter: story.Enter, page: Page) -> None:
    holder = Holder()
    person = enter(holder.person.user)
    person.goto("/person/certificates/")
    manual.click(person, "1.3.4-01", person.get_by_role("link", name="业务办理").last)
    manual.click(person, "1.3.4-02", person.locator("#services").get_by_role("link", name="注销", exact=True))
    manual.click(person, "1.3.4-03", person.get_by_role("button", name="填写申请"))
    person.get_by_label("联系电话").fill("13800000000")
    person.get_by_label("注销原因").select_option("退休")
    promise_and_submit(person, "1.3.4-04")
    manual.step(person, "1.3.4-05", person.locator("[aria-current=step]"))
    story.confirm(enter(holder.operator), "证书注销")
    story.approve(enter(holder.province.decider), "省厅审核", "证书注销")
    page.goto("/")
    manual.step(page, "1.3.4-06", page.get_by_role("link", name="关于注销1本安全生产考核合格证书的公告"))


def test_a_paper_certificate_is_entered(enter: story.Enter, scan: Path) -> None:
    Province()
    worker, enterprise = make_person("欧阳建国"), make_enterprise("江西信江建设有限公司")
    make_employment(worker, enterprise, "08")
    starts = timezone.localdate() - timedelta(days=300)
    person = enter(worker.user)
    person.goto("/person/certificates/")
    manual.click(person, "1.3.6-01", person.get_by_role("link", name="录入证书").first)
    manual.click(person, "1.3.6-02", person.get_by_role("button", name="填写申请"))
    for label, value in (
        ("联系电话", "13800000000"),
        ("证书编号", NUMBER),
        ("证书上的企业名称", enterprise.name),
        ("初次领证日期", "2019-03-01"),
        ("有效期起", starts.isoformat()),
        ("有效期止", term_end(starts).isoformat()),
    ):
        person.get_by_label(label).fill(value)
    person.get_by_label("证书类别").select_option(label="土建类专职安全生产管理人员")
    manual.step(person, "1.3.6-03", person.get_by_label("证书编号"))
    attach(person, "1.3.6-04", scan, "证书扫描件")
    promise_and_submit(person, "1.3.6-05")
    manual.step(person, "1.3.6-06", person.locator("[aria-current=step]"))
    person.goto("/person/certificates/")
    manual.step(person, "1.3.2-03", person.locator("li.truth").first)


def attach(page: Page, code: str, file: Path, *titles: str) -> None:
    for title in titles:
        page.locator("#evidence").get_by_label(re.compile(rf"^\W*{title}\s*(选填)?\s*$")).set_input_files(file)
    manual.click(page, code, page.get_by_role("button", name="上传所选文件"))
    expect(page.get_by_role("group", name="上传材料").get_by_role("link", name=file.name).last).to_be_visible()


def test_a_certificate_is_corrected(enter: story.Enter, scan: Path) -> None:
    Province()
    worker, enterprise = make_person("罗小勇"), make_enterprise("江西乐安江建设有限公司")
    make_employment(worker, enterprise, "08")
    ends = timezone.localdate() + timedelta(days=700)
    certificate = make_certificate(worker, None, "C2", ends_on=ends, enterprise_name="江西已无踪迹建筑公司")
    person = enter(worker.user)
    services(person, certificate.number)
    manual.click(person, "1.3.7-01", person.locator("#services").get_by_role("link", name="证书纠错", exact=True))
    manual.click(person, "1.3.7-02", person.get_by_role("button", name="填写申请"))
    person.get_by_label("联系电话").fill("13800000000")
    person.get_by_label("初次领证日期有误").check()
    person.get_by_label("正确的初次领证日期").fill("2018-03-01")
    manual.step(person, "1.3.7-03", person.get_by_label("正确的初次领证日期"))
    person.get_by_label("是否进行企业信息纠错").check()
    person.get_by_label("企业信息纠错的证明材料").select_option("劳动仲裁裁决书")
    manual.step(person, "1.3.7-04", person.get_by_text("是否进行企业信息纠错").first)
    attach(person, "1.3.7-05", scan, "证书扫描件", "证明材料")
    promise_and_submit(person, "1.3.7-06")
    manual.step(person, "1.3.7-07", person.locator("[aria-current=step]"))
