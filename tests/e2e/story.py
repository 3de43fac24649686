"""What people do on the pages, one function for each thing; the stories are made of these."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from accounts.people.rules import CardData
from tests.factories import PASSWORD, Province, enrol_totp, next_code
from workflow.models import Application

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WORK = 300
"""Seconds for a job of the worker: one that fails is tried again after 3, 9 and more seconds, and a busy machine draws slowly."""
SHOTS = os.environ.get("JXCLOUD_SCREENSHOTS", "")
"""Folder for pictures of every page, to be looked at by people; none by default."""
PHONE, DESK = 390, 1280
WIDTHS = (PHONE, DESK)

BARS_IN_PLACE = """() => {
    document.querySelector('.deskbar')?.scrollIntoView({block: 'end', behavior: 'instant'});
    const rooms = document.querySelector('.rooms'), end = document.documentElement.scrollHeight;
    if (rooms && rooms.getClientRects().length) { window.scrollTo({top: end, behavior: 'instant'}); }
}"""

JUDGE = """async options => {
    const { violations } = await axe.run(document, options);
    return violations.map(one => [one.id, one.nodes[0].html, one.nodes[0].failureSummary]);
}"""
"""Only what is broken crosses over to the test: all that was looked at is a megabyte for a long page."""

Enter = Callable[..., Page]
"""The fixture `enter`: a browser of one user, logged in."""


@contextmanager
def another_page(page: Page) -> Iterator[None]:
    """What is pressed inside opens a page; goes on when that page is there whole.

    A click may come back while the page before still stands, and a key or a tap of a finger always does: what is then read
    is read there, what is written is lost, and an address that is opened breaks the click off.
    """
    page.wait_for_load_state()
    with page.expect_event("load"):
        yield


def follow(control: Locator, press: Callable[[Locator], None] = Locator.click) -> None:
    """Presses a link or button, and waits for the page that it opens."""
    # Once it is to be seen, the page that is waited for is not the one on which it stands.
    expect(control).to_be_visible()
    with another_page(control.page):
        press(control)


def stand_still(page: Page) -> None:
    # A click does not wait for the page that it opens, and a page that has just begun has no element at all.
    page.wait_for_load_state()
    # A colour in the middle of its transition would be judged by the moment.
    page.emulate_media(reduced_motion="reduce")


def look(page: Page, name: str, *, judge: bool = True) -> None:
    """Accessible, and never wider than the screen, at the widths of a phone and of a desk."""
    stand_still(page)
    expect(page.locator("h1").first).to_be_attached()
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert too_wide <= 0, (name, width)
        if judge:
            problems = violations(page)
            assert problems == [], (name, width, problems)
    if before is not None:
        page.set_viewport_size(before)


def violations(page: Page, **options: Any) -> list[tuple[str, str, str]]:
    """Answers the rules of accessibility that the page breaks as it stands: rule, first place, and what is wrong there."""
    stand_still(page)
    # A bar at the bottom lies in its place at the end of the page; elsewhere it covers half a line by chance.
    page.evaluate(BARS_IN_PLACE)
    # Half a megabyte of script: a page that is judged at several widths has it already.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    said = page.evaluate(JUDGE, {"runOnly": RULES, "resultTypes": ["violations"], **options})
    return [(rule, place, summary) for rule, place, summary in said]


# --- doors ---


def log_in(page: Page, id_number: str, password: str = PASSWORD) -> None:
    page.goto("/login/")
    page.get_by_label("身份证号码").fill(id_number)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda address: "/login/" not in address)


def log_in_on_phone(page: Page, id_number: str, password: str = PASSWORD) -> None:
    page.goto("/m/login/")
    page.get_by_label("身份证号码").fill(id_number)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()


def log_in_on_phone_to_code(page: Page, id_number: str, password: str = PASSWORD) -> None:
    """Of a person with an authenticator: until its code is asked for."""
    page.goto("/m/login/")
    page.get_by_label("身份证号码").fill(id_number)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="输入验证码")).to_be_visible()


def log_in_at_office(page: Page, user: User, address: str = "/office/") -> None:
    """By password and the code of an authenticator."""
    enrol_totp(user)
    page.goto(address)
    page.get_by_label("登录名").fill(user.login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="输入验证码")).to_be_visible()
    page.get_by_label("验证码").fill(next_code(user))
    follow(page.get_by_role("button", name="登录"))


def log_in_with_key(page: Page, key_file: Path, pin: str) -> None:
    page.goto("/enterprise/login/")
    page.set_input_files("[data-cakey-file]", key_file)
    page.fill("[data-cakey-pin]", pin)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/enterprise/")


# --- registration ---


def register_at_counter(page: Page, card: CardData, portrait: Path) -> str:
    """On the page 实名登记; the one-time password of the receipt."""
    expect(page.get_by_role("heading", name="实名登记")).to_be_visible()
    page.get_by_label("身份证号码").fill(card.id_number)
    page.get_by_role("button", name="查询").click()
    page.get_by_label("姓名").fill(card.name)
    page.get_by_label("男" if card.sex == "male" else "女").check()
    page.get_by_label("民族").fill(card.ethnicity)
    page.get_by_label("出生日期").fill(card.birth_date.isoformat())
    page.get_by_label("住址").fill(card.address)
    page.get_by_label("有效期起").fill(card.valid_from.isoformat())
    page.get_by_label("长期有效").check()
    page.get_by_label("人像").set_input_files(portrait)
    page.get_by_role("button", name="登记并打印回执").click()
    expect(page.get_by_role("heading", name="实名制登记回执")).to_be_visible()
    return page.locator("dd b").inner_text()


def code_at_counter(page: Page, id_number: str) -> str:
    """The person stands at the counter again and gets a code for the phone."""
    page.goto("/office/counter/")
    page.get_by_label("身份证号码").fill(id_number)
    page.get_by_role("button", name="查询").click()
    follow(page.get_by_role("link", name="出具窗口核验码"))
    look(page, "counter-code")
    page.get_by_label("已核对身份证原件").check()
    page.get_by_role("button", name="已核验，出具核验码").click()
    expect(page.get_by_role("heading", name="窗口核验码")).to_be_visible()
    look(page, "counter-code-slip")
    return page.locator("dd b").inner_text()


def change_initial_password(page: Page, password: str) -> None:
    expect(page.get_by_role("heading", name="请先修改初始密码")).to_be_visible()
    page.locator("#id_new_password").fill(password)
    page.get_by_label("再次输入新密码").fill(password)
    follow(page.get_by_role("button", name="保存新密码"))


def upload_id_photo(page: Page, photo: Path) -> None:
    page.goto("/person/photo/")
    page.locator("#id_photo").set_input_files(photo)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("heading", name="裁剪证件照")).to_be_visible()
    page.get_by_role("button", name="保存这张证件照").click()
    expect(page.get_by_alt_text("您的证件照")).to_be_visible()


# --- employment ---


def propose(page: Page, id_number: str, *posts: str, begins: str) -> None:
    follow(page.get_by_role("link", name="人员聘用管理").first)
    follow(page.get_by_role("link", name="发起聘用").first)
    page.get_by_label("身份证号码").fill(id_number)
    page.get_by_role("button", name="查找").click()
    for post in posts:
        page.get_by_label(post).check()
    page.get_by_label("合同期起").fill(begins)
    page.get_by_role("button", name="保存并发起聘用").click()
    expect(page.get_by_text("聘用申请已发出")).to_be_visible()


def accept_on_phone(page: Page, code: str) -> None:
    open_task_on_phone(page, "同意", code)
    page.get_by_role("button", name="确认同意").click()
    expect(page.get_by_text("已同意")).to_be_visible()


def open_task_on_phone(page: Page, choice: str, code: str) -> None:
    """The only task of 我的待办, after entering the code that a clerk has handed out."""
    page.goto("/m/")
    follow(page.get_by_role("link", name="立即处理"))
    follow(page.get_by_role("link", name=choice))
    page.get_by_label("窗口核验码").fill(code)
    follow(page.get_by_role("button", name="验证"))


# --- applications ---


def start(page: Page, certificate_number: str, business: str) -> None:
    """【我的证书】-【业务办理】, as the manual says; all conditions met."""
    page.goto("/person/certificates/")
    page.get_by_role("link", name=f"业务办理 {certificate_number}").click()
    page.locator("#services").get_by_role("link", name=business, exact=True).click()
    fill_in(page)


def fill_in(page: Page) -> None:
    """From the conditions to the form."""
    expect(page.get_by_text("全部满足", exact=True)).to_be_visible()
    page.get_by_role("button", name="填写申请").click()
    page.get_by_label("联系电话").fill("13800000000")


def submit(page: Page) -> Application:
    page.get_by_label(re.compile("本人承诺")).check()
    follow(page.get_by_role("button", name="提交申请"))
    expect(page.get_by_text("已提交")).to_be_visible()
    return Application.objects.get(number=urlsplit(page.url).path.split("/")[2])


def expect_turn(page: Page, desk: str) -> None:
    """On the page of an application: who has it now."""
    page.reload()
    expect(page.locator("[aria-current=step]")).to_contain_text(desk)


def expect_approved(page: Page, application: Application) -> None:
    page.goto(f"/applications/{application.number}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已办结")


def upload(page: Page, title: str, *files: Path) -> None:
    """Evidence of one kind on the form; kept at once."""
    page.locator("#evidence").get_by_label(re.compile(rf"^\W*{title}\s*(选填)?\s*$")).set_input_files(files)
    # The same file may be there already, for another kind.
    follow(page.get_by_role("button", name="上传所选文件"))
    for file in files:
        expect(page.get_by_role("group", name="上传材料").get_by_role("link", name=file.name).last).to_be_visible()


def confirm(page: Page, title: str, *, comment: str = "情况属实。") -> None:
    """【应用】-【三类证书业务确认】."""
    page.goto("/enterprise/confirmations/")
    expect(page.get_by_role("cell", name=title)).to_be_visible()
    page.get_by_role("link", name="立即处理").click()
    page.get_by_label("意见").fill(comment)
    follow(page.get_by_role("button", name="同意"))
    expect(page.get_by_text("没有等待确认的申请")).to_be_visible()


def approve(page: Page, desk: str, title: str, *, archive_number: str = "") -> None:
    """From the office's home over the queue; with `archive_number` the originals lie on the counter."""
    open_case(page, desk, title)
    if archive_number:
        tick_originals(page, archive_number)
    follow(page.get_by_role("button", name="通过", exact=True))
    expect(page.get_by_text("已通过")).to_be_visible()


def tick_originals(page: Page, archive_number: str) -> None:
    page.wait_for_load_state()
    for original in page.locator("fieldset.original").all():
        original.get_by_label("已见原件，核对一致").check()
    page.get_by_label(re.compile("档案号")).fill(archive_number)


def open_case(page: Page, desk: str, title: str) -> None:
    page.goto("/office/")
    follow(page.get_by_role("link", name=f"{desk}待办"))
    follow(page.get_by_role("link", name=title))
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def approve_twice(enter: Enter, province: Province, title: str) -> None:
    """The municipal desk takes it on, the province decides."""
    approve(enter(province.reviewer), "地市受理", title)
    approve(enter(province.decider), "省厅审核", title)


# --- certificates ---


def line_of(page: Page, number: str) -> Locator:
    """The line of a certificate among those of 我的证书."""
    return page.locator("li.truth").filter(has_text=number)


def open_certificate(page: Page, number: str) -> None:
    page.goto("/person/certificates/")
    page.get_by_role("link", name=f"查看详情 {number}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)


def open_ended_certificate(page: Page, number: str) -> None:
    """Those that have ended stand apart; the number leads to all that is known of one."""
    page.goto("/person/certificates/")
    page.locator("#ended").get_by_role("link", name=number, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)


def download(page: Page, link: str, target: Path) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name=link).click()
    started.value.save_as(target)
    return target.read_bytes()


def expect_signed(page: Page, *, link: str = "下载电子证书") -> None:
    """On the page of a certificate: the worker has drawn and signed it; the page looks again by itself."""
    expect(page.get_by_role("link", name=link)).to_be_visible(timeout=WORK * 1000)


def expect_signed_without_script(page: Page, *, link: str = "下载电子证书") -> None:
    """The reader presses 刷新 until the worker is done."""
    deadline = time.monotonic() + WORK
    either = page.get_by_role("link", name=link).or_(page.get_by_role("link", name="刷新"))
    while time.monotonic() < deadline:
        expect(either.first).to_be_visible()
        if page.get_by_role("link", name=link).is_visible():
            return
        follow(page.get_by_role("link", name="刷新").first)
        time.sleep(0.5)
    expect(page.get_by_role("link", name=link)).to_be_visible()


def look_up(page: Page, number: str, name: str) -> None:
    page.goto("/lookup/")
    page.get_by_label("证书编号").fill(number)
    page.get_by_label("姓名").fill(name)
    page.get_by_role("button", name="查询").click()
    expect(page.locator("#result")).to_be_visible()


def verify(page: Page, file: Path) -> None:
    page.goto("/verify/")
    page.get_by_label("电子证书文件").set_input_files(file)
    page.get_by_role("button", name="开始核验").click()
    expect(page.locator("#result")).to_be_visible()
