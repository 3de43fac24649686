"""From the counter to the first photo: a clerk registers, the person logs in on their own and completes the profile."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.enums import Duty
from accounts.models import Person
from administration.enums import OfficeKind
from tests import idphoto_pictures
from tests.accounts.cards import make_card, picture
from tests.e2e.story import log_in_at_office, violations
from tests.factories import make_office, make_staff

NEW_PASSWORD = "Shan-gao-shui-chang"


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    file = tmp_path / "人像.jpg"
    file.write_bytes(picture(358, 441))
    return file


@pytest.fixture
def wide_photo(tmp_path: Path) -> Path:
    file = tmp_path / "手机照片.jpg"
    file.write_bytes(idphoto_pictures.wide_photo())
    return file


def check(page: Page) -> None:
    """The page as it stands breaks no rule of accessibility and does not scroll sideways. Needs JavaScript itself."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def register_at_the_counter(page: Page, portrait: Path) -> tuple[str, str]:
    """The ID number and the one-time password of the receipt."""
    clerk = make_staff(make_office("东湖区实名制登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER)
    card = make_card(name="艾合买提·热合曼")
    log_in_at_office(page, clerk, "/office/counter/")
    expect(page.get_by_role("heading", name="实名登记")).to_be_visible()
    check(page)
    page.get_by_label("身份证号码").fill(card.id_number)
    page.get_by_role("button", name="查询").click()
    page.get_by_label("姓名").fill(card.name)
    page.get_by_label("男" if card.sex == "male" else "女").check()
    page.get_by_label("民族").fill("维吾尔")
    page.get_by_label("出生日期").fill(card.birth_date.isoformat())
    page.get_by_label("住址").fill(card.address)
    page.get_by_label("有效期起").fill("2020-01-01")
    page.get_by_label("长期有效").check()
    page.get_by_label("人像").set_input_files(portrait)
    check(page)
    page.get_by_role("button", name="登记并打印回执").click()
    expect(page.get_by_role("heading", name="实名制登记回执")).to_be_visible()
    check(page)
    return card.id_number, page.locator("dd b").inner_text()


def log_in_and_change_the_password(page: Page, id_number: str, password: str) -> None:
    page.goto("/person/photo/")
    check(page)
    page.get_by_label("身份证号码").fill(id_number)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="请先修改初始密码")).to_be_visible()
    check(page)
    page.locator("#id_new_password").fill(NEW_PASSWORD)
    page.get_by_label("再次输入新密码").fill(NEW_PASSWORD)
    page.get_by_role("button", name="保存新密码").click()
    expect(page.get_by_role("heading", name="证件照", exact=True)).to_be_visible()
    check(page)


def upload_and_crop(page: Page, photo: Path) -> None:
    page.locator("#id_photo").set_input_files(photo)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("heading", name="裁剪证件照")).to_be_visible()
    check(page)
    page.get_by_role("button", name="放大").click()
    page.get_by_role("button", name="向上").click()
    page.get_by_role("button", name="保存这张证件照").click()
    expect(page.get_by_text("证件照已保存")).to_be_visible()
    expect(page.get_by_alt_text("您的证件照")).to_be_visible()
    check(page)


def journey(counter: Page, phone: Page, portrait: Path, photo: Path) -> None:
    id_number, password = register_at_the_counter(counter, portrait)
    log_in_and_change_the_password(phone, id_number, password)
    upload_and_crop(phone, photo)
    person = Person.objects.get()
    assert person.has_id_photo
    assert person.user is not None
    assert person.user.check_password(NEW_PASSWORD)


def test_from_the_counter_to_the_first_photo(
    page: Page, browser: Browser, base_url: str, portrait: Path, wide_photo: Path
) -> None:
    with browser.new_context(base_url=base_url, locale="zh-CN", viewport={"width": 390, "height": 844}) as context:
        journey(page, context.new_page(), portrait, wide_photo)


def test_the_same_journey_without_javascript(
    browser: Browser, base_url: str, portrait: Path, wide_photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checks of accessibility are scripts themselves: the journey above runs them."""
    monkeypatch.setitem(globals(), "check", lambda page: None)
    with (
        browser.new_context(base_url=base_url, locale="zh-CN", java_script_enabled=False) as counter,
        browser.new_context(base_url=base_url, locale="zh-CN", java_script_enabled=False) as person,
    ):
        journey(counter.new_page(), person.new_page(), portrait, wide_photo)
