"""常见问题 and the search of the guides: kept by the province, counted at night, found by what people type."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from administration.models import AuditEntry
from tests.workflow.browsing import NOW, browser, words
from tests.worlds.extension import ExtensionWorld
from workflow.business import businesses
from workflow.enums import Action
from workflow.models import Event, HelpAnswer
from workflow.seed import FIRST_ANSWERS, FIRST_REASONS, seed
from workflow.selectors.answers import answers_of
from workflow.selectors.help_search import search
from workflow.services.answers import CHUNK, count_answers
from workflow.topics import TOPICS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
GUIDES, PAGE = "/guides/", "/office/answers/"


def titles(query: str) -> list[str]:
    return [hit.title for hit in search(query, on=NOW.date())]


def returned(comment: str, *, days_ago: int = 1, action: Action = Action.RETURN) -> None:
    """One more case of 证书延续 that was stopped with these words."""
    application = ExtensionWorld().file()
    Event.objects.create(
        application=application, action=action, status="returned", comment=comment, at=NOW - timedelta(days=days_ago)
    )


# --- the search ---


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("学时不够怎么办", "学时不够，怎么办？"),
        ("证书延续", "证书延续"),
        ("换单位 变更", "执业企业变更"),
        ("ｃ３证", "C3证"),
        ("证件照", "证件照不符合要求，怎么拍？"),
        ("原单位拒绝", "原单位拒绝了，还能办吗？"),
        ("安管人员", "安管人员"),
    ],
)
def test_what_people_type_finds_guide_question_or_word(typed: str, first: str) -> None:
    assert first in titles(typed)[:3], titles(typed)


@pytest.mark.parametrize("typed", ["怎么办", "？？", " ", "龘䶮𬭎", "%_'\"; DROP"])
def test_what_means_nothing_finds_nothing_or_little_and_never_fails(typed: str) -> None:
    answer = browser(None).get(GUIDES, {"q": typed})
    assert answer.status_code == 200
    assert len(titles(typed)) <= 20


def test_the_page_shows_what_was_found_with_its_way_there() -> None:
    page = browser(None).get(GUIDES, {"q": "学时不够怎么办"})
    row = HelpAnswer.objects.get(question="学时不够，怎么办？")
    assert f'href="/guides/extension/#question-{row.pk}"' in page.text
    assert f'id="question-{row.pk}"' in browser(None).get("/guides/extension/").text
    assert "没有找到" in browser(None).get(GUIDES, {"q": "龘䶮"}).text
    too_long = browser(None).get(GUIDES, {"q": "学" * 101})
    assert too_long.status_code == 400
    assert "办事指南" in too_long.text


def test_a_question_that_was_retired_is_not_found() -> None:
    HelpAnswer.objects.filter(question="学时不够，怎么办？").update(retired_at=NOW)
    assert "学时不够，怎么办？" not in titles("学时不够")
    assert "学时不够，怎么办？" not in browser(None).get("/guides/extension/").text


# --- what every installation begins with ---


def test_the_first_questions_belong_to_guides_and_reasons_that_exist() -> None:
    kinds = {"", *(one.kind for one in businesses()), *(one.kind for one in TOPICS)}
    reasons = {"", *(words for _, _, words, _ in FIRST_REASONS)}
    assert {kind for kind, *_ in FIRST_ANSWERS} <= kinds
    assert {reason for *_, reason in FIRST_ANSWERS} <= reasons
    before = HelpAnswer.objects.count()
    seed()
    assert HelpAnswer.objects.count() == before == len(FIRST_ANSWERS)


# --- how often ---


def test_the_most_frequent_reasons_of_a_year_come_first() -> None:
    hours, scan = FIRST_REASONS[4][2], FIRST_REASONS[0][2]
    returned(f"1. {hours}（依据：第三十一条）\n2. {scan}")
    returned(scan, days_ago=300, action=Action.REJECT)
    returned(scan, days_ago=400)
    assert count_answers(now=NOW) == 3 - 1
    numbers = {row.reason: row.number for row in HelpAnswer.objects.exclude(reason="")}
    assert (numbers[hours], numbers[scan]) == (1, 2)
    assert answers_of("")[0].reason == scan
    assert answers_of("extension")[0].reason == hours, "its own questions come first"
    assert "近12个月有" not in words(browser(None).get(GUIDES)), "no small numbers"
    count_answers(now=NOW + timedelta(days=80))
    assert HelpAnswer.objects.get(reason=scan).number == 1


def test_counting_goes_on_over_chunks() -> None:
    scan = FIRST_REASONS[0][2]
    application = ExtensionWorld().file()
    Event.objects.bulk_create(
        Event(application=application, action=Action.RETURN, status="returned", comment=scan, at=NOW)
        for _ in range(CHUNK + 3)
    )
    assert count_answers(now=NOW) == CHUNK + 3
    assert HelpAnswer.objects.get(reason=scan).number == CHUNK + 3
    assert f"近12个月有{CHUNK + 3}件" in words(browser(None).get(GUIDES)).replace(",", "")


# --- the province keeps them ---


def test_the_province_adds_changes_and_retires_a_question() -> None:
    world = ExtensionWorld()
    decider = browser(world.province.decider)
    data = {"kind": "extension", "question": "延续要多久？", "answer": "见办理流程。\n期限是工作日。", "reason": ""}
    assert decider.post(PAGE, data).status_code == 302
    row = HelpAnswer.objects.get(question="延续要多久？")
    assert "见办理流程。" in browser(None).get("/guides/extension/").text
    twice = decider.post(PAGE, data)
    assert twice.status_code == 409
    assert "这份指南已有同样的问题" in twice.text
    changed = decider.post(f"{PAGE}{row.pk}/", {**data, "answer": "看流程。<b>"}, follow=True)
    assert "已保存" in changed.text
    assert "看流程。&lt;b&gt;" in browser(None).get("/guides/extension/").text
    wrong = decider.post(f"{PAGE}{row.pk}/", {**data, "question": "", "kind": "nothing"})
    assert wrong.status_code == 400
    assert "见办理流程。" in wrong.text, "what was typed stays"
    assert decider.post(f"{PAGE}{row.pk}/retire/").status_code == 302
    assert decider.get(f"{PAGE}{row.pk}/").status_code == 404
    assert "看流程。" not in browser(None).get("/guides/extension/").text
    actions = AuditEntry.objects.filter(object_id=str(row.pk), action__startswith="answer.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["answer.save", "answer.save", "answer.retire"]


def test_nobody_else_keeps_them() -> None:
    world = ExtensionWorld()
    for user in (world.province.reviewer, world.person_user, world.operator):
        assert browser(user).get(PAGE).status_code == 403
    assert browser(None).get(PAGE).status_code == 302


def test_another_reason_begins_to_count_anew() -> None:
    scan = FIRST_REASONS[0][2]
    returned(scan)
    count_answers(now=NOW)
    row = HelpAnswer.objects.get(reason=scan)
    data = {"kind": row.kind, "question": row.question, "answer": row.answer, "reason": "别的原因"}
    browser(ExtensionWorld().province.decider).post(f"{PAGE}{row.pk}/", data)
    row.refresh_from_db()
    assert (row.number, row.counted_at) == (0, None)


def test_the_database_takes_no_question_without_an_answer() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpAnswer.objects.create(question="怎么办？", answer="")
