"""On the last day, on a phone: the first page says what matters, the extension is filed, and holds the certificate open past its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from certificates.enums import LegalState
from certificates.models import Certificate
from certificates.nightly import expire_certificates
from tests.clock import Clock
from tests.e2e import story
from tests.factories import Province, make_certificate, make_employment, make_enterprise, make_person, make_training

LAST_DAY = date(2026, 11, 23)
"""A Monday: no holiday moves the last day for filing."""


@pytest.fixture
def phone(browser: Browser, base_url: str, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    given = {**browser_context_args, "base_url": base_url}
    context = browser.new_context(
        **given, viewport={"width": story.PHONE, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


def test_what_is_filed_on_the_last_day_holds_the_certificate(transactional_db: None, clock: Clock, phone: Page) -> None:
    clock.stop_on(LAST_DAY.isoformat())
    Province()
    enterprise, holder = make_enterprise("江西抚河建设有限公司"), make_person("罗小勇")
    make_employment(holder, enterprise, "08")
    make_training(holder, ends_on=LAST_DAY - timedelta(days=3))
    certificate = make_certificate(holder, enterprise, "C2", ends_on=LAST_DAY)
    lost = make_certificate(make_person("李四"), enterprise, "C2", ends_on=LAST_DAY)

    story.log_in_on_phone(phone, holder.id_number)
    for address in ("/person/", "/m/"):
        phone.goto(address)
        expect(phone.get_by_role("heading", level=3).first).to_contain_text("今天到期")
        expect(phone.get_by_role("link", name="办理延续")).to_have_count(1)
        expect(phone.get_by_text("2026年11月23日（含）前提交").first).to_be_visible()
        story.look(phone, f"last-day{address.replace('/', '-')}")
    story.follow(phone.get_by_role("link", name="办理延续"), Locator.tap)
    expect(phone.get_by_text("24 / 24 学时")).to_be_visible()
    story.fill_in(phone)
    story.submit(phone)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("证书延续")
    expect(phone.locator("[aria-current=step]")).to_contain_text(enterprise.name)
    turn = phone.get_by_role("complementary")
    expect(turn).to_contain_text(enterprise.name)
    expect(turn).to_contain_text(re.compile("预计 2027年1月[0-9]+日前办结"))
    expect(turn).to_contain_text("证书到期前提交的，作出决定前继续有效")
    story.look(phone, "last-day-filed")

    clock.stop_on("2026-11-24")
    assert expire_certificates() == 1
    states = dict(Certificate.objects.values_list("pk", "legal_state"))
    assert states == {certificate.pk: LegalState.VALID, lost.pk: LegalState.EXPIRED}
    story.log_in_on_phone(phone, holder.id_number)
    phone.goto("/person/certificates/")
    line = story.line_of(phone, certificate.number)
    expect(line).to_contain_text("证书延续办理中")
    expect(line).to_contain_text("证书照常使用")
    expect(line).to_contain_text(f"现在轮到{enterprise.name}")
    story.open_certificate(phone, certificate.number)
    expect(phone.get_by_text("已届满，审查期间继续有效")).to_be_visible()
    story.look(phone, "last-day-held")
