"""Chapter 1.2 of the manual in whole: the key proposes, the web only shows, the phone comes in by the code and decides."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from accounts.models import FaceCheck, Person
from administration.models import AuditEntry
from employment.models import Employment
from tests.e2e import story
from tests.e2e.camera import put_person_before
from tests.e2e.test_face import LONG, show_face
from tests.enterprises.ca_login.keys import PIN, issue
from tests.face_pictures import FacePictures
from tests.factories import Province, enrol_totp, make_counter_code, make_enterprise, make_person, make_uscc, next_code
from workflow.models import Application

pytestmark = pytest.mark.django_db(transaction=True)
USCC = make_uscc(9_400_001)


def propose_to(worker: Person, page: Page, folder: Path) -> None:
    Province()
    make_enterprise("江西信江建设有限公司", uscc=USCC)
    key_file = folder / "enterprise.p12"
    key_file.write_bytes(issue(USCC).p12)
    story.log_in_with_key(page, key_file, PIN)
    story.propose(page, worker.id_number, "项目负责人", begins=timezone.localdate().isoformat())


def open_on_the_web(browser: Browser, base_url: str, worker: Person, *, javascript: bool = True) -> Page:
    """Logged in at a desk, on the page that shows the proposal and the code."""
    context = browser.new_context(base_url=base_url, locale="zh-CN", java_script_enabled=javascript)
    web = context.new_page()
    web.set_viewport_size({"width": story.DESK, "height": 900})
    story.log_in(web, worker.id_number)
    web.wait_for_url("**/person/")
    web.goto("/person/employment/")
    return web


def scan(web: Page) -> str:
    """What a phone reads on the screen."""
    picture = web.get_by_role("img", name="手机登录的二维码").screenshot()
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    return str(code.text)


def scanning_phone(
    browser: Browser, base_url: str, address: str, *, javascript: bool = True, has_person: bool = False
) -> Page:
    """A phone that has read the code; with `has_person` the one person is before its camera."""
    context = browser.new_context(
        base_url=base_url,
        locale="zh-CN",
        java_script_enabled=javascript,
        viewport={"width": story.PHONE, "height": 844},
    )
    if has_person:
        put_person_before(context)
    phone = context.new_page()
    phone.goto(address)
    return phone


def test_from_the_key_over_the_code_and_the_face_to_the_employment(
    page: Page,
    browser: Browser,
    base_url: str,
    face_pictures: FacePictures,
    tmp_path: Path,
) -> None:
    worker = make_person("欧阳建国")
    worker.portrait.save("portrait.jpg", ContentFile(face_pictures.one[0]))
    propose_to(worker, page, tmp_path)

    web = open_on_the_web(browser, base_url, worker)
    expect(web.get_by_text("江西信江建设有限公司")).to_be_visible()
    expect(web.get_by_text("网页版只能查看")).to_be_visible()
    assert web.get_by_role("button", name="同意").count() == 0
    assert web.request.post(f"{base_url}/person/employment/").status in (403, 405), "nothing is decided on the web"
    story.look(web, "phone-code-employment")
    address = scan(web)
    assert urlsplit(address).path.startswith("/m/login/qr/")
    assert worker.id_number not in address

    phone = scanning_phone(browser, base_url, address, has_person=True)
    story.look(phone, "phone-confirm")
    phone.get_by_role("button", name="确认登录").click()
    expect(phone.get_by_role("heading", name="我的待办")).to_be_visible()
    # The page at the desk looks again by itself.
    expect(web.get_by_text("请在手机上继续办理")).to_be_visible()
    story.look(web, "phone-code-used")
    late = scanning_phone(browser, base_url, address)
    expect(late.get_by_text("这个二维码已经用过").first).to_be_visible()
    story.look(late, "phone-refused")

    phone.get_by_role("link", name="立即处理").click()
    phone.get_by_role("link", name="同意").click()
    expect(phone.get_by_role("heading", name="请再次验证身份")).to_be_visible()
    phone.get_by_role("link", name="开始人脸识别").click()
    story.follow(phone.get_by_role("button", name="同意，开始识别"))
    show_face(phone)
    phone.get_by_role("button", name="确认同意").click(timeout=LONG)
    expect(phone.get_by_text("已同意")).to_be_visible()
    assert Employment.objects.get().person == worker
    assert FaceCheck.objects.filter(result="accepted").count() == 1
    assert AuditEntry.objects.filter(action="login", detail__method="qr").count() == 1
    web.reload()
    expect(web.get_by_text("在聘", exact=True)).to_be_visible()


def test_without_scripts_the_wrong_code_is_refused_and_declining_closes(
    page: Page, browser: Browser, base_url: str, tmp_path: Path
) -> None:
    worker = make_person("司马明")
    propose_to(worker, page, tmp_path)
    web = open_on_the_web(browser, base_url, worker, javascript=False)
    first = scan(web)
    story.follow(web.get_by_role("link", name="换一个二维码"))
    assert scan(web) == first
    story.follow(web.get_by_role("button", name="换一个二维码"))
    second = scan(web)
    assert first != second
    old = scanning_phone(browser, base_url, first, javascript=False)
    expect(old.get_by_text("这个二维码已过期").first).to_be_visible()

    phone = scanning_phone(browser, base_url, second, javascript=False)
    story.follow(phone.get_by_role("button", name="确认登录"))
    web.reload()
    expect(web.get_by_text("请在手机上继续办理")).to_be_visible()
    phone.get_by_role("link", name="立即处理").click()
    phone.get_by_role("link", name="拒绝").click()
    phone.get_by_label("窗口核验码").fill("00000000")
    phone.get_by_role("button", name="验证").click()
    expect(phone.get_by_text("核验码不正确").first).to_be_visible()
    phone.get_by_label("窗口核验码").fill(make_counter_code(worker))
    phone.get_by_role("button", name="验证").click()
    phone.get_by_label("原因").fill("不是本单位职工")
    phone.get_by_role("button", name="确认拒绝").click()
    expect(phone.get_by_text("已拒绝")).to_be_visible()
    assert not Application.objects.get().is_open
    assert not Employment.objects.exists()


def test_a_phone_login_by_password_asks_for_the_authenticator(browser: Browser, base_url: str) -> None:
    worker = make_person("诸葛春")
    assert worker.user is not None
    enrol_totp(worker.user)
    phone = scanning_phone(browser, base_url, "/m/login/", javascript=False)
    phone.get_by_label("身份证号码").fill(worker.id_number)
    phone.get_by_label("密码").fill("Jianan-2026-wrong")
    phone.get_by_role("button", name="登录").click()
    expect(phone.get_by_text("身份证号码或密码不正确").first).to_be_visible()
    story.log_in_on_phone_to_code(phone, worker.id_number)
    phone.get_by_label("验证码").fill("000000")
    phone.get_by_role("button", name="登录").click()
    expect(phone.get_by_text("验证码不正确").first).to_be_visible()
    phone.get_by_label("验证码").fill(next_code(worker.user))
    phone.get_by_role("button", name="登录").click()
    expect(phone.get_by_role("heading", name="我的待办")).to_be_visible()


def test_the_pages_of_a_phone_login_at_390_pixels(browser: Browser, base_url: str) -> None:
    worker = make_person("诸葛春")
    assert worker.user is not None
    enrol_totp(worker.user)
    worker.portrait.delete()
    phone = scanning_phone(browser, base_url, "/m/login/")
    story.look(phone, "phone-login")
    story.log_in_on_phone_to_code(phone, worker.id_number)
    story.look(phone, "phone-login-code")
    phone.get_by_label("验证码").fill(next_code(worker.user))
    phone.get_by_role("button", name="登录").click()
    expect(phone.get_by_role("heading", name="我的待办")).to_be_visible()
    phone.goto("/m/verify/")
    story.look(phone, "phone-verify-none")
    phone.goto("/person/phone/")
    story.look(phone, "phone-code")
