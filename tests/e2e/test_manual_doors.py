"""Follows the manual from the registration to the employment: 1.1.2, 1.1.3, 1.2.1 and 1.2.2, step by step."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.credentials import totp
from accounts.models import User
from administration.enums import OfficeKind
from employment.models import Employment
from employment.proposing.proposals import case_of
from tests import idphoto_pictures
from tests.e2e import manual, story
from tests.enterprises.ca_login.keys import PIN, issue
from tests.factories import (
    PASSWORD,
    Province,
    actor,
    make_counter_code,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_uscc,
)
from workflow.services.filing import file_application

NEW_PASSWORD = "Shan-gao-shui-chang"
SECRETS = ".totp-qr, .totp-key, .totp-codes"
PHOTOS = "main img, [data-crop-stage]"
USCC = make_uscc(9_300_077)


def test_a_person_logs_in_for_the_first_time(page: Page, base_url: str, tmp_path: Path) -> None:
    make_office("东湖区实名制登记点", kind=OfficeKind.REGISTRATION)
    worker = make_person("欧阳建国", photo=False)
    User.objects.filter(pk=worker.user_id).update(must_change_password=True)
    photo = tmp_path / "手机照片.jpg"
    photo.write_bytes(idphoto_pictures.wide_photo())
    page.goto("/person/registration-points/")
    manual.step(page, "1.1.2-01")
    page.goto("/")
    manual.click(page, "1.1.2-02", page.get_by_role("link", name="个人服务平台"))
    page.get_by_label("身份证号码").fill(worker.id_number)
    page.get_by_label("密码").fill(PASSWORD)
    manual.click(page, "1.1.2-03", page.get_by_role("button", name="登录"))
    page.locator("#id_new_password").fill(NEW_PASSWORD)
    page.get_by_label("再次输入新密码").fill(NEW_PASSWORD)
    manual.click(page, "1.1.2-04", page.get_by_role("button", name="保存新密码"))
    page.get_by_role("link", name="个人信息").first.click()
    page.get_by_label("手机号码").fill("13800001234")
    page.get_by_label("学历").select_option("本科")
    manual.click(page, "1.1.2-05", page.get_by_role("button", name="保存", exact=True))
    expect(page.get_by_text("个人信息已保存")).to_be_visible()
    page.goto("/person/photo/")
    page.locator("#id_photo").set_input_files(photo)
    manual.click(page, "1.1.2-06", page.get_by_role("button", name="上传"), hide=PHOTOS)
    manual.click(page, "1.1.2-07", page.get_by_role("button", name="保存这张证件照"), hide=PHOTOS)
    expect(page.get_by_alt_text("您的证件照")).to_be_visible()


def test_an_enterprise_logs_in_with_its_key(page: Page, base_url: str, tmp_path: Path) -> None:
    enterprise = make_enterprise("江西赣江路桥建设有限公司", uscc=USCC)
    key_file = tmp_path / "enterprise.p12"
    key_file.write_bytes(issue(USCC).p12)
    page.goto("/")
    manual.click(page, "1.1.3-01", page.get_by_role("link", name="企业服务平台"))
    page.set_input_files("[data-cakey-file]", key_file)
    page.fill("[data-cakey-pin]", PIN)
    manual.click(page, "1.1.3-02", page.get_by_role("button", name="登录", exact=True))
    expect(page.get_by_role("heading", name=enterprise.name)).to_be_visible()
    manual.step(page, "1.1.3-03")


def test_an_enterprise_proposes_employment(enter: story.Enter) -> None:
    Province()
    worker, desk = make_person("欧阳建国"), enter(make_operator(make_enterprise("江西赣江路桥建设有限公司")))
    desk.goto("/enterprise/")
    manual.click(desk, "1.2.1-01", desk.get_by_role("link", name="应用").first)
    desk.goto("/enterprise/employment/")
    manual.click(desk, "1.2.1-02", desk.get_by_role("link", name="发起聘用").first)
    desk.get_by_label("身份证号码").fill(worker.id_number)
    manual.click(desk, "1.2.1-03", desk.get_by_role("button", name="查找"))
    desk.get_by_label("项目负责人").check()
    desk.get_by_label("合同期起").fill(timezone.localdate().isoformat())
    manual.click(desk, "1.2.1-04", desk.get_by_role("button", name="保存并发起聘用"))
    expect(desk.get_by_text("聘用申请已发出")).to_be_visible()
    manual.step(desk, "1.2.1-05", desk.get_by_role("link", name="待本人确认"))


def test_a_person_answers_on_the_phone(enter: story.Enter, browser: Browser, base_url: str) -> None:
    Province()
    worker, enterprise = make_person("欧阳建国"), make_enterprise("江西赣江路桥建设有限公司")
    payload: dict[str, object] = {"posts": ["07"], "contract_from": timezone.localdate().isoformat()}
    file_application(case=case_of(worker, enterprise, payload), actor=actor(make_operator(enterprise)))
    web = enter(worker.user)
    web.goto("/person/employment/")
    manual.step(web, "1.2.2-06", web.get_by_text("网页版只能查看"))
    context = browser.new_context(base_url=base_url, locale="zh-CN", viewport={"width": 390, "height": 844})
    phone = context.new_page()
    phone.goto("/m/login/")
    phone.get_by_label("身份证号码").fill(worker.id_number)
    phone.get_by_label("密码").fill(PASSWORD)
    manual.click(phone, "1.2.2-01", phone.get_by_role("button", name="登录"))
    manual.click(phone, "1.2.2-02", phone.get_by_role("link", name="立即处理"))
    manual.click(phone, "1.2.2-03", phone.get_by_role("link", name="同意"))
    phone.get_by_label("窗口核验码").fill(make_counter_code(worker))
    manual.step(phone, "1.2.2-04", phone.get_by_label("窗口核验码"))
    phone.get_by_role("button", name="验证").click()
    manual.click(phone, "1.2.2-05", phone.get_by_role("button", name="确认同意"))
    expect(phone.get_by_text("已同意")).to_be_visible()
    assert Employment.objects.get().person == worker
    context.close()


def test_a_person_adds_an_authenticator(enter: story.Enter, page: Page, base_url: str) -> None:
    worker = make_person("欧阳建国")
    person = enter(worker.user)
    person.goto("/person/security/")
    manual.click(person, "1.7-01", person.get_by_role("link", name="启用动态口令"))
    person.get_by_label("窗口核验码").fill(make_counter_code(worker))
    manual.step(person, "1.7-02", person.get_by_label("窗口核验码"))
    person.get_by_role("button", name="验证", exact=True).click()
    secret = person.locator(".totp-key").inner_text().replace(" ", "")
    person.get_by_label("6位验证码").fill(totp.code_at(secret, timezone.now()))
    manual.click(person, "1.7-03", person.get_by_role("button", name="确认启用"), hide=SECRETS)
    manual.click(person, "1.7-04", person.get_by_role("link", name="已经保存，继续"), hide=SECRETS)
    page.goto("/login/")
    page.get_by_label("身份证号码").fill(worker.id_number)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    manual.step(page, "1.7-05", page.get_by_label("验证码"))
