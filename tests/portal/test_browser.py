"""The style guide in Chromium: accessibility rules, narrow screens, and what portal.js adds."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from playwright.sync_api import Dialog, FilePayload, Page, Request, Route, expect

from tests.e2e.story import violations

from .test_components import guide  # noqa: F401  a fixture

STATIC = Path(settings.ROOT) / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HTML = "text/html; charset=utf-8"
SITE = "http://portal.test"


pytestmark = pytest.mark.e2e


@pytest.fixture
def posts() -> list[Request]:
    return []


@pytest.fixture
def site(page: Page, guide: str, posts: list[Request]) -> Page:  # noqa: F811
    """The page with its real style and script, from disk; every other address answers with a short page."""

    def answer(route: Route) -> None:
        address = route.request.url.removeprefix(SITE).partition("?")[0]
        if address.startswith("/static/"):
            file = STATIC / address.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif route.request.method == "POST":
            posts.append(route.request)
            route.fulfill(body="<!doctype html><title>收到</title>", content_type=HTML)
        else:
            route.fulfill(
                body=guide if address == "/guide" else "<!doctype html><title>另一页</title>",
                content_type=HTML,
            )

    page.route(re.compile(f"^{SITE}/"), answer)
    page.goto(f"{SITE}/guide")
    return page


@pytest.mark.parametrize("width", [360, 1280])
def test_style_guide_passes_axe_and_never_scrolls_sideways(site: Page, width: int) -> None:
    site.set_viewport_size({"width": width, "height": 900})
    assert violations(site) == []
    assert site.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_buttons_and_menu_entries_are_large_enough_to_touch(site: Page) -> None:
    site.set_viewport_size({"width": 390, "height": 900})
    controls = ".btn, .tabs a, .rooms a, .form-control, .form-select, .leave"
    seen = "all => all.filter(each => each.getClientRects().length).map(each => each.getBoundingClientRect().height)"
    heights = site.locator(controls).evaluate_all(seen)
    assert len(heights) > 20
    assert min(heights) >= 44


def test_error_summary_has_the_focus_when_the_page_opens(site: Page) -> None:
    assert site.evaluate("document.activeElement.className") == "summary"


def test_second_press_sends_nothing_and_the_pressed_button_is_told(site: Page, posts: list[Request]) -> None:
    site.evaluate(
        """() => {
            const button = document.querySelector("button[value=approve]");
            button.form.action = "/bulk"; button.click(); button.form.requestSubmit();
        }"""
    )
    expect(site).to_have_title("收到")
    assert len(posts) == 1
    assert parse_qs(posts[0].post_data or "")["action"] == ["approve"]


def test_one_box_picks_every_row(site: Page) -> None:
    site.check("[data-pick-all=picked]")
    expect(site.locator("input[name=picked]:checked")).to_have_count(3)
    expect(site.locator("[data-picked=picked]")).to_have_text("已选 3 件")
    site.uncheck("input[name=picked] >> nth=0")
    assert site.evaluate("document.querySelector('[data-pick-all]').indeterminate")


def accept_dialogs(page: Page) -> list[str]:
    """What the page asked so far; every question is answered with yes."""
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    return asked


def test_the_keyboard_reaches_a_table_that_is_wider_than_its_place(site: Page) -> None:
    site.set_viewport_size({"width": 1280, "height": 900})
    box = site.locator(".scroll").first
    expect(box).not_to_have_attribute("tabindex", "0")
    site.evaluate("document.querySelector('.scroll').style.width = '200px'; window.dispatchEvent(new Event('resize'))")
    expect(box).to_have_attribute("tabindex", "0")
    expect(box).to_have_attribute("aria-label", "待办")


def test_leaving_an_edited_form_asks_first(site: Page) -> None:
    asked = accept_dialogs(site)
    site.click("#id_name")
    site.keyboard.type("欧阳")
    site.click("a:has-text('去办理业务')")
    expect(site).to_have_title("另一页")
    assert asked == ["beforeunload"]


def test_leaving_an_untouched_form_does_not_ask(site: Page) -> None:
    asked = accept_dialogs(site)
    site.click("a:has-text('去办理业务')")
    expect(site).to_have_title("另一页")
    assert asked == []


def test_a_chosen_picture_is_shown_before_it_is_sent(site: Page) -> None:
    picture: FilePayload = {
        "name": "mark.svg",
        "mimeType": "image/svg+xml",
        "buffer": (STATIC / "img" / "emblem.svg").read_bytes(),
    }
    site.set_input_files("#id_scan", picture)
    expect(site.locator("#div_id_scan img.preview")).to_be_visible()
    site.set_input_files("#id_scan", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    expect(site.locator("#div_id_scan img.preview")).to_have_count(0)


def test_running_work_is_fetched_anew(site: Page, guide: str) -> None:  # noqa: F811
    fresh = guide.replace("41200 / 1000000", "52000 / 1000000")
    site.route(f"{SITE}/guide", lambda route: route.fulfill(body=fresh, content_type=HTML))
    site.wait_for_selector("text=52000 / 1000000")


def test_two_works_on_one_page_are_awaited_by_one_question_and_each_appears(site: Page) -> None:
    """One that is not done yet does not keep the other from being shown."""
    asked: list[str] = []
    lines = {"one": "还没有", "two": "还没有"}

    def page(*waiting: str) -> str:
        parts = [
            f'<section id="{name}"{" data-refresh=1 data-source=/own" if name in waiting else ""}>{text}</section>'
            for name, text in lines.items()
        ]
        return f'<title>页</title><div class="heading">题</div><a href="/">别处</a>{"".join(parts)}<script src="/static/js/portal.js"></script>'

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        waiting = [name for name, text in lines.items() if text == "还没有"]
        route.fulfill(body=page(*waiting), content_type=HTML)

    site.route(f"{SITE}/refused", lambda route: route.fulfill(body=page("one", "two"), content_type=HTML))
    site.route(f"{SITE}/own", answer)
    site.goto(f"{SITE}/refused")
    lines["one"] = "第一份好了"
    expect(site.locator("#one")).to_have_text("第一份好了")
    expect(site.locator("#two")).to_have_text("还没有")
    lines["two"] = "第二份好了"
    expect(site.locator("#two")).to_have_text("第二份好了")
    expect(site.locator("[data-refresh]")).to_have_count(0)
    before = len(asked)
    site.wait_for_timeout(2500)
    assert len(asked) == before, "nothing is asked for once all is there"


def test_what_is_pressed_is_not_replaced_until_it_is_let_go(site: Page) -> None:
    asked: list[str] = []
    text = """<div class="heading">题</div><section id="work" data-refresh="1">{}
        <button type="button" onclick="document.title = '按过了'">停止</button></section><script src="/static/js/portal.js"></script>"""

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=text.format(f"第{len(asked)}次"), content_type=HTML)

    site.route(f"{SITE}/work", answer)
    site.goto(f"{SITE}/work")
    site.get_by_role("button", name="停止").hover()
    site.mouse.down()
    shown, before = site.locator("#work").inner_text(), len(asked)
    while len(asked) < before + 3:
        site.wait_for_timeout(50)
    assert site.locator("#work").inner_text() == shown
    site.mouse.up()
    expect(site).to_have_title("按过了")
    expect(site.locator("#work")).not_to_contain_text(shown.split()[0])


def test_a_page_jumps_and_does_not_slide(site: Page) -> None:
    """A click on a button that still slides is pressed at one place and released at another: nothing happens."""
    assert not site.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert site.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
