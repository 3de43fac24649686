"""Every page without an argument, as each reader opens it: no rule of accessibility is broken, and a phone shows it whole."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.db import transaction
from playwright.sync_api import Page as Tab

from accounts.models import User
from devtools.bench.data import generate
from devtools.bench.measure import LOGINS
from devtools.bench.pages import NOBODY, NOT_MEASURED, PAGES, PERSON, PROVINCE, SECURITY

from .story import Enter, violations
from .test_narrow import TOO_WIDE

PEOPLE, PHONE = 200, 390
OF_SECURITY = "/office/verification-keys/new/"
NOT_OF_THESE = "/office/training/new/"
"""An institution of training opens it, which none of these readers is."""
OFFICE_FORMS = tuple(f"/{path}" for path in NOT_MEASURED["shows a form, or leads on"] if path.startswith("office/"))
FORMS = {
    SECURITY: (OF_SECURITY,),
    PROVINCE: tuple(path for path in OFFICE_FORMS if path not in (OF_SECURITY, NOT_OF_THESE)),
}
FILES = (".csv", ".ics", ".xml", ".atom", ".json", ".xlsx", ".txt", "/template/")


def addresses(reader: str) -> list[str]:
    """A list that is searched or sorted is the same page again."""
    seen = dict.fromkeys(urlsplit(page.address).path for page in PAGES if page.reader == reader)
    return [path for path in (*seen, *FORMS.get(reader, ())) if not path.endswith(FILES)]


def faults_of(tab: Tab, address: str) -> list[object]:
    answer = tab.goto(address)
    if answer is None or answer.status != 200:
        return [(address, answer and answer.status)]
    found: list[object] = [(address, *one) for one in violations(tab)]
    wide = tab.evaluate(TOO_WIDE)
    return [*found, (address, "wider than a phone", wide)] if wide > 0 else found


@pytest.mark.parametrize("reader", sorted({page.reader for page in PAGES}))
def test_every_page_holds(transactional_db: None, enter: Enter, page: Tab, reader: str) -> None:
    with transaction.atomic():
        generate(PEOPLE)
    if reader != NOBODY:
        found = {"pk": 1} if reader == PERSON else {"login": LOGINS[reader]}
        page = enter(User.objects.get(**found), width=PHONE)
    page.set_viewport_size({"width": PHONE, "height": 844})
    assert [fault for address in addresses(reader) for fault in faults_of(page, address)] == []


def test_a_page_that_breaks_a_rule_is_told(page: Tab) -> None:
    page.set_content("<html lang='zh-CN'><title>证书</title><main><h1>证书</h1><img src='data:,'></main></html>")
    assert [(rule, place) for rule, place, _ in violations(page)] == [("image-alt", '<img src="data:,">')]
