"""The first login of staff, with and without JavaScript; the way back in after a lost telephone; a replaced session."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.credentials import totp
from accounts.enums import Duty, Sphere
from accounts.models import LoginSession, User
from accounts.staff.services import create_administrator
from tests.factories import PASSWORD, make_office, make_staff

from . import story
from .story import Enter, follow, look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff() -> User:
    return make_staff(make_office("南昌市住房和城乡建设局"), Duty.REVIEW, name="王敏")


def give_password(page: Page, user: User) -> None:
    page.goto("/office/")
    page.get_by_label("登录名").fill(user.login)
    page.get_by_label("密码").fill(PASSWORD)
    follow(page.get_by_role("button", name="登录"))


def add_authenticator(page: Page) -> None:
    expect(page.get_by_role("heading", name="启用动态口令")).to_be_visible()
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    secret = page.locator(".totp-key").inner_text().replace(" ", "")
    page.get_by_label("6位验证码").fill(totp.code_at(secret, timezone.now()))
    page.get_by_role("button", name="确认启用").click()
    expect(page.get_by_role("heading", name="请保存恢复码")).to_be_visible()


def test_first_login_adds_an_authenticator(page: Page, staff: User) -> None:
    give_password(page, staff)
    look(page, "office-enrol")
    add_authenticator(page)
    look(page, "office-codes")
    recovery = page.locator(".totp-codes li").first.inner_text()
    follow(page.get_by_role("link", name="已经保存，继续"))
    expect(page.get_by_role("button", name="退出", exact=True)).to_be_visible()
    page.goto("/office/security/")
    look(page, "office-security")
    follow(page.get_by_role("button", name="退出", exact=True))
    expect(page.get_by_role("button", name="退出", exact=True)).to_have_count(0)
    give_password(page, staff)
    look(page, "office-code")
    page.get_by_label("验证码").fill("000000")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("验证码不正确")).to_be_visible()
    look(page, "office-code-wrong")
    page.get_by_label("验证码").fill(recovery)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("还剩9个")).to_be_visible()


def test_first_login_without_javascript(browser: Browser, base_url: str, staff: User) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    give_password(page, staff)
    add_authenticator(page)
    page.get_by_role("link", name="已经保存，继续").click()
    expect(page.get_by_text("长时间没有操作会自动退出（30 分钟）")).to_be_visible()
    context.close()


def test_lost_telephone_is_reset_by_the_security_administrator(page: Page, enter: Enter, staff: User) -> None:
    story.enrol_totp(staff)
    security = create_administrator(
        login="sec.one", name="安全管理员", sphere=Sphere.SECURITY_ADMIN, password=PASSWORD, must_change_password=False
    )
    desk = enter(security)
    desk.goto("/office/users/")
    look(desk, "users")
    desk.get_by_label("登录名、姓名或部门").fill("王敏")
    follow(desk.get_by_role("button", name="筛选"))
    follow(desk.get_by_role("link", name=staff.login))
    look(desk, "user")
    desk.locator("#reset_reason").fill("手机丢失，本人到场，核对工作证")
    desk.get_by_role("button", name="重置动态口令").click()
    expect(desk.get_by_text("的动态口令已重置")).to_be_visible()
    give_password(page, staff)
    add_authenticator(page)


def test_second_browser_ends_the_first_and_the_first_is_told(
    page: Page, browser: Browser, base_url: str, staff: User
) -> None:
    story.log_in_at_office(page, staff)
    expect(page.get_by_role("button", name="退出", exact=True)).to_be_visible()
    context = browser.new_context(base_url=base_url, locale="zh-CN")
    other = context.new_page()
    story.log_in_at_office(other, staff)
    expect(other.get_by_text("在另一处的登录已经退出")).to_be_visible()
    page.goto("/office/security/")
    expect(page.get_by_text("刚在另一处登录，这里已退出")).to_be_visible()
    look(page, "office-replaced")
    assert LoginSession.objects.filter(user=staff, ended_at__isnull=True).count() == 1
    context.close()


def test_idle_reader_is_warned_and_may_go_on(page: Page, enter: Enter, staff: User, settings) -> None:
    settings.SESSION_IDLE_MINUTES = {"staff": 2, "others": 2}
    reader = enter(staff)
    reader.goto("/office/security/")
    expect(reader.get_by_text("分钟内将自动退出")).to_be_visible()
    look(reader, "idle-warning")
    # The page itself asks from time to time, by GET, how many seconds are left.
    with reader.expect_response(
        lambda answer: answer.url.endswith("/session/") and answer.request.method == "POST"
    ) as answered:
        reader.get_by_role("button", name="继续使用").click()
    assert answered.value.json()["seconds"] > 55
