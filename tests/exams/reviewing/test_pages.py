"""The review of entries by the municipal office, by its pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from administration.models import AuditEntry
from exams.models import ExamEntry
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_batch, make_candidate, make_entry, text
from tests.factories import make_enterprise
from tests.workflow.browsing import browser, words

pytestmark = pytest.mark.django_db
CountQueries = Callable[[Callable[[], object]], int]


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def test_a_reviewer_reads_nothing_of_entries_of_another_office(world: ExamWorld) -> None:
    (own,) = world.entered()
    there = make_enterprise("别家建筑有限公司", region="360402")
    person = make_candidate(there, "外人")
    foreign = make_entry(person, there, make_batch(), state="entered", office=world.province.stranger.office)
    client = browser(world.province.reviewer)
    for action in ({"action": "approve"}, {"action": "refuse", "comment": "不符"}):
        pages = [words(client.post("/office/exams/review/", action | {"picked": [pk]})) for pk in (foreign.pk, 999_999)]
        assert pages[0] == pages[1]
        assert "没有这条报名，或者它不由本部门审核" in pages[0]
        assert not any(said in pages[0] for said in ("外人", "别家建筑有限公司", foreign.batch.name))
    foreign.refresh_from_db()
    assert foreign.state == "entered"
    page = client.post("/office/exams/review/", {"action": "approve", "picked": [own.pk, foreign.pk]}).content.decode()
    assert "成功 1 条，未办理 1 条" in page
    assert "外人" not in page


def test_reviewers_approve_and_refuse_many(world: ExamWorld) -> None:
    first, second, third = world.entered(3)
    client = browser(world.province.reviewer)
    assert "报名审核" in text(client, "/office/exams/")
    assert client.post("/office/exams/review/", {"action": "approve"}).status_code == 400
    refuse = {"action": "refuse", "picked": [third.pk], "comment": ""}
    assert "写明原因" in client.post("/office/exams/review/", refuse).content.decode()
    client.post("/office/exams/review/", refuse | {"comment": "社保不在本企业"})
    second.person.employments.update(ended_at=NOW, end_reason="by_enterprise")
    page = client.post("/office/exams/review/", {"action": "approve", "picked": [first.pk, second.pk]}).content.decode()
    assert all(words in page for words in ("成功 1 条，未办理 1 条", "没有与本企业登记聘用关系"))
    assert list(ExamEntry.objects.order_by("pk").values_list("state", flat=True)) == ["approved", "entered", "refused"]
    assert "社保不在本企业" in text(browser(world.operator), "/enterprise/exams/entries/")


def test_each_row_shows_its_photo_to_who_reviews_it(world: ExamWorld, count_queries: CountQueries) -> None:
    (first,) = world.entered()
    client, address = browser(world.province.reviewer), "/office/exams/review/"
    client.get(address)
    of_one = count_queries(lambda: client.get(address))
    second, third = world.entered(2)
    type(third.person).objects.filter(pk=third.person_id).update(id_photo="", id_photo_small="")
    assert count_queries(lambda: client.get(address)) == of_one
    page = client.get(address).content.decode()
    for one in (first, second):
        source = f"/office/exams/entries/{one.pk}/photo/small/"
        assert f'<img src="{source}" alt="{one.person.name}的证件照" width="50" height="70" loading="lazy">' in page
    assert page.count("photo/small/") == 2
    assert page.count("无证件照") == 1
    source = f"/office/exams/entries/{first.pk}/photo/small/"
    with first.person.id_photo_small.open("rb") as stored:
        small = stored.read()
    answer = client.get(source)
    assert (answer.status_code, answer.content) == (200, small)
    assert "no-store" in answer.headers["Cache-Control"]
    assert AuditEntry.objects.filter(action="view_photo", object_id=str(first.person_id)).count() == 1
    assert client.get(f"/office/exams/entries/{third.pk}/photo/small/").status_code == 404
    for reader in (world.province.stranger, world.operator, first.person.user):
        assert browser(reader).get(source).status_code in (302, 403, 404)
    assert AuditEntry.objects.filter(action="view_photo", object_id=str(first.person_id)).count() == 1
