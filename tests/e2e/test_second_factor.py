"""The second factor of a person in a real browser: at the desk, beside a face, and after a reset."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e import story
from tests.factories import PASSWORD, enrol_totp, make_counter_code, make_person, next_code

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_desk_asks_for_the_authenticator_or_a_code_from_the_counter(page: Page, base_url: str) -> None:
    worker = make_person("欧阳建国")
    assert worker.user is not None
    enrol_totp(worker.user)
    for factor in ("验证码", "窗口核验码"):
        page.goto("/login/")
        page.get_by_label("身份证号码").fill(worker.id_number)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", name="输入验证码")).to_be_visible()
        story.look(page, "second-step")
        code = next_code(worker.user) if factor == "验证码" else make_counter_code(worker)
        page.get_by_label(factor).fill(code)
        page.get_by_label(factor).press("Enter")
        page.wait_for_url("**/person/")
        page.context.clear_cookies()


def test_where_a_face_does_not_suffice_the_pages_say_what_does(page: Page, base_url: str, settings: Any) -> None:
    settings.FACE_ALONE_IN_DEMONSTRATION = False
    page.goto("/m/login/")
    story.look(page, "strict-mobile-login")
    story.follow(page.get_by_role("link", name="用人脸登录"))
    expect(page.get_by_label("密码")).to_be_visible()
    story.look(page, "strict-face-login")
    page.get_by_role("link", name="重设密码").click()
    expect(page.get_by_role("heading", name="请准备下面任一样")).to_be_visible()
    story.look(page, "strict-reset")


def test_after_a_reset_the_telephone_waits_until_a_code_confirms(enter: story.Enter) -> None:
    worker = make_person("诸葛春", phone="13800001234", education="bachelor")
    assert worker.user is not None
    worker.user.reset_at, worker.user.reset_way = timezone.now() - timedelta(hours=1), "counter"
    worker.user.save()
    page = enter(worker.user)
    page.goto("/person/profile/")
    page.get_by_label("手机号码").fill("13900005678")
    story.follow(page.get_by_role("button", name="保存"))
    expect(page.get_by_text("密码重设后24小时内")).to_be_visible()
    expect(page.get_by_label("手机号码")).to_have_value("13900005678")
    story.look(page, "reset-waits")
    page.get_by_role("link", name="用通行密钥、动态口令或窗口核验码确认").click()
    expect(page.get_by_text("人脸识别不能代替")).to_be_visible()
    story.look(page, "reset-waits-verify")
    page.get_by_label("窗口核验码").fill(make_counter_code(worker))
    page.get_by_role("button", name="验证", exact=True).click()
    page.wait_for_url("**/person/profile/")
    page.get_by_label("手机号码").fill("13900005678")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("个人信息已保存")).to_be_visible()
