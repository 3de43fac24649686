"""An extension by the keys alone, from the first page to what was filed, with the names and roles that a screen reader hears."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.models import Certificate
from tests.e2e import story
from tests.factories import (
    Province,
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
)
from workflow.models import Application

pytestmark = pytest.mark.django_db(transaction=True)
FOCUSED = """() => { const one = document.activeElement;
    return (one.getAttribute('aria-label') || (one.labels && one.labels.length ? one.labels[0].innerText : one.innerText) || '').trim(); }"""
RING = "() => parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
MOST_PAGES, MOST_PRESSES, MOST_STOPS = 5, 6, 25


@dataclass
class Keys:
    """Counts what is pressed; the pages are those on which something is."""

    page: Page
    presses: int = 0
    stops: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)

    def reach(self, name: str) -> None:
        """Goes on by Tab until the control of this name has the focus, with a ring that is seen."""
        # A page that is still on its way has not all of its controls yet.
        self.page.wait_for_load_state()
        self.pages.add(self.page.url.partition("#")[0])
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            self.stops.append(self.page.evaluate(FOCUSED))
            assert self.page.evaluate(RING) >= 2, self.stops[-1]
            if name in self.stops[-1]:
                return
        raise AssertionError((name, self.stops))

    def press(self, key: str) -> None:
        self.presses += 1
        self.page.keyboard.press(key)


def expect_tree(page: Page, tree: str) -> None:
    """The main part of the page holds these roles and names, in this order, as a screen reader hears them."""
    expect(page.locator("main")).to_match_aria_snapshot(tree)


class Last:
    def __init__(self) -> None:
        Province()
        self.person, enterprise = make_person("罗小勇", phone="13800000000"), make_enterprise("江西抚河建设有限公司")
        make_operator(enterprise)
        make_employment(self.person, enterprise, "08")
        make_training(self.person)
        ends = timezone.localdate() + timedelta(days=30)
        self.certificate: Certificate = make_certificate(self.person, enterprise, "C2", ends_on=ends)


def test_an_extension_by_keys_alone(enter: story.Enter) -> None:
    last = Last()
    page = enter(last.person.user)
    page.goto("/person/")
    keys = Keys(page)
    expect_tree(page, "- link /办理延续/")
    keys.reach("跳到正文")
    keys.press("Enter")
    keys.reach("办理延续")
    keys.press("Enter")

    expect(page.get_by_text("全部满足", exact=True)).to_be_visible()
    expect_tree(
        page,
        """
        - heading /证书延续/ [level=1]
        - heading /办理条件/ [level=2]
        - complementary:
          - heading "本次办理" [level=2]
          - button "填写申请"
          - paragraph:
            - link "查看办事指南"
        """,
    )
    keys.reach("跳到正文")
    keys.press("Enter")
    keys.reach("填写申请")
    keys.press("Enter")

    expect(page.get_by_role("button", name="提交申请")).to_be_visible()
    expect_tree(
        page,
        """
        - heading /证书延续/ [level=1]
        - textbox /联系电话/
        - textbox /说明/
        - checkbox /本人承诺/
        - button "提交申请"
        """,
    )
    expect(page.get_by_label("联系电话")).to_have_value("13800000000")
    keys.reach("本人承诺")
    keys.press("Space")
    keys.reach("提交申请")
    keys.press("Enter")

    expect(page.get_by_text("已提交")).to_be_visible()
    keys.pages.add(page.url)
    expect_tree(page, "- heading /证书延续/ [level=1]")
    expect(page.get_by_role("complementary")).to_contain_text("江西抚河建设有限公司")
    assert Application.objects.get().kind == "extension"
    assert len(keys.pages) <= MOST_PAGES, keys.pages
    assert keys.presses <= MOST_PRESSES, keys.presses
    assert len(keys.stops) <= MOST_STOPS, keys.stops


def test_what_is_missing_is_heard_at_once(enter: story.Enter) -> None:
    """After a submission with something missing the focus stands on the summary of errors, whose links lead to the fields."""
    last = Last()
    page = enter(last.person.user)
    page.goto(f"/applications/new/extension/?certificate={last.certificate.pk}")
    page.get_by_role("button", name="填写申请").click()
    page.get_by_role("button", name="提交申请").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("请阅读并勾选承诺")
    keys = Keys(page)
    keys.reach("请阅读并勾选承诺")
    keys.press("Enter")
    expect(page.get_by_role("checkbox", name="本人承诺")).to_be_focused()
