"""Follows the manual through 1.12: a share link for a tender, as its holder makes and revokes it and as others open it."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.models import ShareLink
from tests.e2e import manual, story
from tests.factories import make_certificate, make_employment, make_enterprise, make_person

pytestmark = pytest.mark.django_db(transaction=True)
PURPOSE = "城东学校工程投标"


def test_a_link_is_made_for_a_tender_and_revoked_afterwards(enter: story.Enter, page: Page) -> None:
    holder, enterprise = make_person("罗小勇"), make_enterprise("江西抚河建设有限公司")
    make_employment(holder, enterprise, "08")
    ends = timezone.localdate() + timedelta(days=500)
    certificate = make_certificate(holder, enterprise, "C2", ends_on=ends)
    person = enter(holder.user)
    story.open_certificate(person, certificate.number)
    manual.click(person, "1.12-01", person.get_by_role("link", name="创建分享链接"))
    person.get_by_label("用途").fill(PURPOSE)
    person.get_by_label("截止日期").fill(str(timezone.localdate() + timedelta(days=10)))
    story.look(person, "share-form")
    manual.click(person, "1.12-02", person.get_by_role("button", name="创建链接"))
    told = person.locator("[role=status] code")
    manual.step(person, "1.12-03", told, hide="[role=status] code")
    story.look(person, "share-made")
    path = urlsplit(told.inner_text()).path
    person.reload()
    expect(told).to_have_count(0)

    page.goto(path)
    manual.step(page, "1.12-04", page.locator("main .sheet dl"))
    expect(page.locator("main")).to_contain_text(certificate.number)
    expect(page.locator("main")).to_contain_text(PURPOSE)
    expect(page.get_by_text(holder.name)).to_have_count(0)
    story.look(page, "shared")

    manual.click(person, "1.12-05", person.get_by_role("button", name=re.compile("撤销.*" + PURPOSE)))
    expect(person.get_by_text(f"已撤销“{PURPOSE}”的链接")).to_be_visible()
    story.look(person, "share-revoked")
    assert ShareLink.objects.get().revoked_at is not None
    page.goto(path)
    manual.step(page, "1.12-06", page.get_by_role("heading", name="这个链接不能打开"))
    story.look(page, "share-over")
