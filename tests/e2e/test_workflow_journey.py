"""An extension from the first page to the decision, in a real browser, by everybody who has a say in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from certificates.models import Certificate
from employment.businesses.employment_start import EmploymentStart
from employment.models import Employment
from tests.e2e.story import Enter, follow, look
from tests.factories import (
    PASSWORD,
    Province,
    actor,
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
)
from tests.workflow.browsing import Inspection, picture
from workflow.business import business_of, register, unregister
from workflow.checks import Case
from workflow.enums import Action
from workflow.models import Application
from workflow.services.acting import act
from workflow.services.filing import file_application


class Story:
    """A person whose certificate may be extended today, employed where the certificate is."""

    def __init__(self, province: Province | None = None, name: str = "欧阳·𠮷热合曼") -> None:
        self.province = province or Province()
        self.enterprise = make_enterprise("江西赣江建设工程有限公司")
        self.operator = make_operator(self.enterprise, "钱会计")
        self.person = make_person(name)
        make_employment(self.person, self.enterprise, "07")
        ends = timezone.localdate() + timedelta(days=40)
        self.certificate = make_certificate(self.person, self.enterprise, "B", ends_on=ends)
        make_training(self.person)

    @property
    def user(self) -> User:
        assert self.person.user is not None
        return self.person.user


def test_an_extension_from_the_first_page_to_the_decision(enter: Enter, page: Page) -> None:
    story = Story()
    page.goto("/login/")
    page.get_by_label(re.compile("身份证号")).fill(story.person.id_number)
    page.get_by_label(re.compile("密码")).first.fill(PASSWORD)
    follow(page.get_by_role("button", name="登录"))
    follow(page.get_by_role("link", name="业务办理"))
    look(page, "services")
    page.get_by_role("link", name="证书延续", exact=True).click()
    expect(page.get_by_text("全部满足", exact=True)).to_be_visible()
    look(page, "start")
    page.get_by_role("button", name="填写申请").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "edit-wrong")
    page.get_by_label("说明").fill("先看看别的页面")
    follow(page.get_by_role("button", name="提交申请"))
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="我的办件").first.click()
    expect(page.get_by_role("heading", name="我的办件")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("说明"), "the way back asks for the form anew, with what was typed").to_have_value(
        "先看看别的页面"
    )
    page.get_by_label("联系电话").fill("13800000000")
    page.get_by_label("说明").fill("请尽快办理")
    page.get_by_label(re.compile("本人承诺")).check()
    look(page, "edit")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已提交")).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_contain_text("受聘企业确认")
    look(page, "detail")
    follow(page.get_by_role("link", name="我的办件"))
    look(page, "mine")

    operator = enter(story.operator)
    operator.goto("/enterprise/confirmations/")
    look(operator, "confirmations")
    follow(operator.get_by_role("link", name="立即处理"))
    look(operator, "confirm")
    operator.get_by_label("意见").fill("情况属实，同意延续。")
    operator.get_by_role("button", name="同意").click()
    expect(operator.get_by_text("没有等待确认的申请")).to_be_visible()

    for user, desk in ((story.province.reviewer, "地市受理"), (story.province.decider, "省厅审核")):
        office = enter(user)
        office.goto("/office/")
        look(office, f"office-{user.pk}")
        follow(office.get_by_role("link", name=f"{desk}待办"))
        look(office, f"queue-{user.pk}")
        office.get_by_role("link", name="证书延续").click()
        expect(office.get_by_text("情况属实，同意延续。")).to_be_visible()
        look(office, f"review-{user.pk}")
        follow(office.get_by_role("button", name="通过", exact=True))
        expect(office.get_by_text("已通过")).to_be_visible()
        office.goto("/office/done/")
        look(office, f"done-{user.pk}")

    page.reload()
    expect(page.get_by_role("cell", name="已办结")).to_be_visible()
    old = story.certificate.ends_on
    assert Certificate.objects.get(pk=story.certificate.pk).ends_on > old
    follow(page.get_by_role("link", name="证书延续"))
    look(page, "detail-approved")


@pytest.fixture
def inspection(transactional_db: None) -> Iterator[None]:
    register(Inspection)
    yield
    unregister(Inspection.kind)


def test_evidence_originals_and_a_return_without_javascript(enter: Enter, inspection: None, tmp_path: Path) -> None:
    story = Story()
    scan = tmp_path / "证书第1页.png"
    scan.write_bytes(picture("lightyellow", size=(900, 640)).read())
    broken = tmp_path / "说明.docx"
    broken.write_bytes(b"PK\x03\x04" + b"0" * 50)
    person = enter(story.user, javascript=False)
    person.goto(f"/applications/new/inspection/?certificate={story.certificate.pk}")
    person.get_by_role("button", name="填写申请").click()
    person.get_by_label("证书扫描件").set_input_files([scan, broken])
    person.get_by_role("button", name="提交申请").click()
    expect(person.get_by_text("已上传")).to_be_visible()
    expect(person.get_by_role("alert").get_by_text("说明.docx")).to_be_visible()
    look(person, "edit-evidence", judge=False)
    person.get_by_label("联系电话").fill("13800000000")
    person.get_by_label(re.compile("本人承诺")).check()
    person.get_by_role("button", name="提交申请").click()
    expect(person.locator("[aria-current=step]")).to_contain_text("原件核验")

    office = enter(story.province.reviewer)
    office.goto("/office/queue/counter/")
    office.get_by_role("link", name="证书核验").click()
    scan_shown = office.get_by_role("img", name="证书第1页.png")
    scan_shown.scroll_into_view_if_needed()
    assert scan_shown.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 900
    look(office, "review-evidence")
    office.get_by_role("button", name="通过", exact=True).click()
    expect(office.get_by_role("alert")).to_contain_text("居民身份证原件还没有核对")
    look(office, "review-wrong")
    office.get_by_label("意见").fill("扫描件第 2 页没有上传")
    office.get_by_role("button", name="退回补正").click()
    expect(office.get_by_text("已退回补正")).to_be_visible()

    person.goto("/inbox/")
    look(person, "inbox-returned", judge=False)
    follow(person.get_by_role("link", name="补正并重新提交"))
    expect(person.get_by_text("扫描件第 2 页没有上传")).to_be_visible()
    look(person, "edit-returned", judge=False)
    person.get_by_label("其他材料").set_input_files(scan)
    person.get_by_role("button", name="重新提交").click()
    expect(person.get_by_text("已补正并重新提交")).to_be_visible()
    follow(person.get_by_role("link", name="撤回申请"))
    look(person, "withdraw", judge=False)
    person.get_by_role("button", name="确定撤回").click()
    expect(person.get_by_text("已撤回。")).to_be_visible()


def test_missing_conditions_are_shown_with_their_cures(enter: Enter) -> None:
    story = Story()
    story.person.id_photo.name = ""
    story.person.save()
    page = enter(story.user)
    page.goto(f"/applications/new/extension/?certificate={story.certificate.pk}")
    expect(page.get_by_text("还差 1 项").first).to_be_visible()
    expect(page.get_by_role("button", name="填写申请")).to_be_disabled()
    expect(page.get_by_role("link", name="上传证件照")).to_be_visible()
    look(page, "start-missing")


def proposal(story: Story) -> Application:
    """A second enterprise proposes; the person's present employment has ended."""

    Employment.objects.filter(person=story.person).delete()
    case: Case = EmploymentStart().case(
        person_id=story.person.pk,
        enterprise_id=story.enterprise.pk,
        region_id=story.enterprise.region_id,
        payload={"posts": ["07"], "contract_from": "2026-11-01", "contract_to": None},
        today=timezone.localdate(),
    )
    return file_application(case=case, actor=actor(story.operator))


def test_employment_is_accepted_on_the_phone_only(enter: Enter) -> None:
    story = Story()
    application = proposal(story)
    web = enter(story.user)
    web.goto("/inbox/")
    expect(web.get_by_text("网页版仅可查看")).to_be_visible()
    look(web, "inbox-phone")
    phone = enter(story.user, width=390)
    phone.goto("/m/")
    look(phone, "m-inbox")
    follow(phone.get_by_role("link", name=re.compile("立即处理")))
    look(phone, "m-detail")
    phone.get_by_role("link", name="同意").click()
    phone.wait_for_url(re.compile("/m/verify/"))
    session = SessionStore(next(one["value"] for one in phone.context.cookies() if one["name"] == "sessionid"))
    session["verified_at"], session["verified_user"] = timezone.now().timestamp(), story.user.pk
    session.save()
    phone.goto(f"/m/applications/{application.number}/decline/")
    look(phone, "m-decline")
    phone.goto(f"/m/applications/{application.number}/accept/")
    look(phone, "m-accept")
    phone.get_by_role("button", name="确认同意").click()
    expect(phone.get_by_text("已同意")).to_be_visible()
    look(phone, "m-done")


def test_bulk_decision_and_the_public_guide(enter: Enter, page: Page) -> None:
    province = Province()
    stories = [Story(province, name) for name in ("张三", "李四", "王五")]

    for story in stories:
        me = actor(story.user)
        query = {"certificate": str(story.certificate.pk)}
        case = business_of("extension").prepare(me, query, today=timezone.localdate())
        application = file_application(case=case, actor=me)
        act(application.pk, action=Action.APPROVE, actor=actor(story.operator))
    stories[1].person.id_photo.name = ""
    stories[1].person.save()
    office = enter(province.reviewer)
    office.goto("/office/queue/municipal/")
    office.get_by_text("全选本页").click()
    look(office, "queue-bulk")
    office.get_by_role("button", name="批量通过").click()
    expect(office.get_by_text("另有 1 件不能一起办理")).to_be_visible()
    look(office, "bulk-question")
    office.get_by_role("button", name="确认通过 2 件").click()
    expect(office.get_by_text("成功 2 件")).to_be_visible()
    look(office, "bulk-result")
    page.goto("/guides/")
    look(page, "guides")
    follow(page.get_by_role("link", name="证书延续"))
    look(page, "guide")
    office.goto("/messages/")
    look(office, "messages")
