"""已办: what one has done, narrowed by day, business, outcome and words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import actor
from workflow.enums import Action
from workflow.services.acting import act

from .browsing import NOW, browser, words
from .test_handing_over import Section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

DONE = "/office/done/"


def test_the_list_is_narrowed_by_day_outcome_business_and_words() -> None:
    section = Section(cases=3)
    approved, returned, rejected = section.cases
    by = actor(section.first)
    act(approved.pk, action=Action.APPROVE, actor=by, now=NOW - timedelta(days=2))
    act(returned.pk, action=Action.RETURN, actor=by, comment="补照片", now=NOW - timedelta(days=1))
    act(rejected.pk, action=Action.REJECT, actor=by, comment="不符合", now=NOW)
    client = browser(section.first)

    def numbers(query: str, *, user: object = None) -> set[str]:
        page = (browser(user) if user else client).get(f"{DONE}?{query}")  # type: ignore[arg-type]
        assert page.status_code == 200
        return {line["event"].application.number for line in page.context["lines"]}

    everything = {one.number for one in section.cases}
    assert numbers("") == everything
    assert numbers("outcome=return") == {returned.number}
    day = (NOW - timedelta(days=1)).date()
    assert numbers(f"since={day}&until={day}") == {returned.number}
    assert numbers(f"until={day}") == {approved.number, returned.number}
    assert numbers("kind=correction") == set()
    assert numbers("kind=extension") == everything
    assert numbers(f"q={rejected.number[-6:]}") == {rejected.number}
    assert numbers("q=小明") == everything
    assert numbers("q=无此人") == set()
    assert numbers("q=小明&scope=office", user=section.second) == everything
    assert numbers("q=小明", user=section.second) == set()
    for wrong in ("since=x", "outcome=submit", "kind=%27", "q=" + "x" * 300, "cursor=x"):
        assert numbers(wrong) == everything, wrong


def test_offices_read_the_business_and_their_own_word() -> None:
    section = Section()
    act(section.case.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)
    said = words(browser(section.first).get(DONE))
    assert "证书延续" in said
    assert "通过" in said
    assert "没有符合条件的记录" in words(browser(section.first).get(f"{DONE}?outcome=reject"))


def test_a_page_costs_the_same_with_one_row_and_with_many() -> None:
    counted = []
    section = Section(cases=4)
    client = browser(section.first)
    for cases in (section.cases[:1], section.cases[1:]):
        for case in cases:
            act(case.pk, action=Action.APPROVE, actor=actor(section.first), now=NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{DONE}?q=小明&kind=extension&scope=office")
        counted.append(len(queries))
    assert counted[0] == counted[1]
