"""From the CA key to the employment: an enterprise logs in with its key file and proposes, the person accepts on the phone."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from employment.models import Employment
from employment.proposing.proposals import case_of
from enterprises.models import CaKey
from tests.enterprises.ca_login.keys import PIN, issue
from tests.factories import (
    PASSWORD,
    actor,
    make_counter_code,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_uscc,
)
from workflow.services.filing import file_application

from .story import follow, violations

pytestmark = pytest.mark.django_db(transaction=True)
USCC = make_uscc(9_200_001)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "enterprise.p12"
    path.write_bytes(issue(USCC).p12)
    return path


def log_in(page: Page, key_file: Path, pin: str = PIN) -> None:
    page.goto("/enterprise/login/")
    page.set_input_files("[data-cakey-file]", key_file)
    page.fill("[data-cakey-pin]", pin)
    page.get_by_role("button", name="登录", exact=True).click()


def check(page: Page) -> None:
    """Accessible, and no sideways scrolling on a narrow screen."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def propose(page: Page, person: Person) -> None:
    follow(page.get_by_role("link", name="人员聘用管理").first)
    follow(page.get_by_role("link", name="发起聘用").first)
    expect(page.get_by_label("身份证号码")).to_be_visible()
    check(page)
    page.get_by_label("身份证号码").fill(person.id_number)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("第2步，共2步")).to_be_visible()
    assert person.id_number not in page.url
    check(page)
    page.get_by_label("项目负责人").check()
    page.get_by_label("合同期起").fill("2026-11-01")
    page.get_by_role("button", name="保存并发起聘用").click()
    expect(page.get_by_text("聘用申请已发出")).to_be_visible()
    check(page)


def test_from_the_key_file_to_the_employment(page: Page, browser: Browser, base_url: str, key_file: Path) -> None:
    enterprise = make_enterprise("江西赣江路桥建设有限公司", uscc=USCC)
    person = make_person("欧阳建国")
    page.goto("/enterprise/login/")
    check(page)
    log_in(page, key_file, pin="000000")
    expect(page.get_by_text("PIN 码不正确")).to_be_visible()
    assert not CaKey.objects.exists()
    page.fill("[data-cakey-pin]", PIN)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name=enterprise.name)).to_be_visible()
    check(page)
    propose(page, person)

    phone = browser.new_context(base_url=base_url, viewport=PHONE, is_mobile=True, locale="zh-CN").new_page()  # type: ignore[arg-type]
    phone.goto("/m/login/")
    phone.get_by_label("身份证号码").fill(person.id_number)
    phone.get_by_label("密码").fill(PASSWORD)
    follow(phone.get_by_role("button", name="登录"))
    phone.goto("/m/")
    phone.get_by_role("link", name="立即处理").first.click()
    phone.get_by_role("link", name="同意").click()
    phone.get_by_label("窗口核验码").fill(make_counter_code(person))
    phone.get_by_role("button", name="验证").click()
    phone.get_by_role("button", name="确认同意").click()
    expect(phone.get_by_text("聘用关系建立已办理").first).to_be_visible()
    phone.goto("/person/employment/")
    expect(phone.get_by_text("在聘", exact=True)).to_be_visible()
    expect(phone.get_by_text(enterprise.name).first).to_be_visible()
    check(phone)

    page.goto("/enterprise/employment/")
    expect(page.get_by_role("row", name="欧阳建国")).to_be_visible()
    assert Employment.objects.get().posts == ["07"]


def test_a_file_that_is_no_key_is_told_before_anything_is_sent(page: Page, tmp_path: Path) -> None:
    wrong = tmp_path / "scan.p12"
    wrong.write_bytes(b"%PDF-1.7")
    log_in(page, wrong)
    expect(page.get_by_text("这不是 CA 锁文件")).to_be_visible()


def test_an_unknown_enterprise_is_told_so_and_the_next_key_works(page: Page, key_file: Path) -> None:
    log_in(page, key_file)
    expect(page.get_by_text(f"企业未登记：{USCC}")).to_be_visible()
    check(page)
    make_enterprise(uscc=USCC)
    log_in(page, key_file)
    page.wait_for_url("**/enterprise/")


def test_the_login_page_without_javascript_offers_the_signing_tool(
    browser: Browser, base_url: str, live_server: LiveServer
) -> None:
    page = browser.new_context(base_url=base_url, java_script_enabled=False).new_page()
    page.goto("/enterprise/login/")
    # Playwright switches scripts off after parsing, so the browser keeps the note as it would for a script.
    assert "在网页中签名需要启用 JavaScript" in page.locator("main noscript").inner_html()
    expect(page.locator("[data-cakey]")).to_be_hidden()
    page.get_by_text("使用签名工具（USB 锁").click()
    expect(page.get_by_role("button", name="用签名结果登录")).to_be_visible()
    page.get_by_role("button", name="用签名结果登录").click()
    expect(page.get_by_text("请选择签名结果文件").first).to_be_visible()


def test_the_qr_code_on_the_web_page_opens_the_phone_pages(page: Page, base_url: str, tmp_path: Path) -> None:
    person, enterprise = make_person(), make_enterprise()
    make_employment(person, make_enterprise())
    payload: dict[str, object] = {"posts": ["07"], "contract_from": timezone.localdate().isoformat()}
    file_application(case=case_of(person, enterprise, payload), actor=actor(make_operator(enterprise)))
    page.goto("/login/")
    page.get_by_label("身份证号码").fill(person.id_number)
    page.get_by_label("密码").fill(PASSWORD)
    follow(page.get_by_role("button", name="登录"))
    page.goto("/person/employment/")
    check(page)
    shot = tmp_path / "code.png"
    page.get_by_role("img", name="二维码").screenshot(path=shot)
    (code,) = zxingcpp.read_barcodes(Image.open(shot))
    assert code.text.startswith(f"{base_url}/m/login/qr/")
