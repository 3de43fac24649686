"""Exam batches of the office, by their pages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from administration.models import AuditEntry
from exams.models import ExamBatch
from tests.clock import Clock
from tests.exams.exam_world import (
    EXAM_DAY,
    NOW,
    ExamWorld,
    make_batch,
    make_candidate,
    make_entry,
    make_session,
    make_site,
    text,
)
from tests.factories import actor
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


FORM: dict[str, Any] = {
    "name": "南昌市2027年第一批考核",
    "exam_type": "new",
    "region": "360100",
    "categories": ["A", "C2"],
    "sign_up_from": "2026-11-23",
    "sign_up_to": "2026-12-01",
    "exam_from": "2026-12-12",
    "exam_to": "",
    "site": "演示考点",
    "quota": "50",
    "organiser": "",
    "note": "",
}


def test_the_province_makes_announces_changes_and_calls_off_a_batch(world: ExamWorld) -> None:
    client = browser(world.province.decider)
    page = client.post("/office/exams/new/", FORM | {"exam_from": "2026-11-25"})
    assert page.status_code == 400
    assert 'href="#id_exam_from"' in page.content.decode(), "the sentence stands at its field"
    assert "考试日期应在报名截止之后" in page.content.decode()
    assert client.post("/office/exams/new/", {}).status_code == 400
    answer = client.post("/office/exams/new/", FORM, follow=True)
    assert "草稿" in answer.content.decode()
    batch = ExamBatch.objects.get(name=FORM["name"])
    assert (batch.exam_to, batch.status, batch.region_id) == (EXAM_DAY, "draft", "360100")
    change = client.post(f"/office/exams/{batch.pk}/change/", FORM | {"quota": "60"}, follow=True)
    assert "批次已修改" in change.content.decode()
    client.post(f"/office/exams/{batch.pk}/announce/")
    assert FORM["name"] in text(browser(world.operator), "/enterprise/exams/")
    assert "报名开始" not in text(client, f"/office/exams/{batch.pk}/change/")
    moved = {"sign_up_to": "2026-12-01", "exam_from": "2026-12-13", "site": "演示考点", "quota": "60", "reason": ""}
    refused = client.post(f"/office/exams/{batch.pk}/change/", moved)
    assert refused.status_code == 400
    assert 'href="#id_reason"' in refused.content.decode()
    assert 'value="2026-12-13"' in refused.content.decode()
    assert (
        "已通知"
        in client.post(f"/office/exams/{batch.pk}/change/", moved | {"reason": "停电"}, follow=True).content.decode()
    )
    assert client.post(f"/office/exams/{batch.pk}/call-off/", {"reason": ""}).status_code == 400
    answer = client.post(f"/office/exams/{batch.pk}/call-off/", {"reason": "考点停电", "confirmed": "on"}, follow=True)
    assert "不计缺考" in answer.content.decode()
    assert "考点停电" in text(browser(world.operator), "/enterprise/exams/")
    rows = AuditEntry.objects.filter(object_type="exams.exambatch", object_id=str(batch.pk)).order_by("pk")
    verbs = [action.partition(".")[2] for action in rows.values_list("action", flat=True)]
    assert verbs == ["create", "change", "announce", "change", "call_off"]


def test_drafts_and_other_batches_are_not_for_everybody(world: ExamWorld) -> None:
    draft = make_batch(status="draft", announced_at=None)
    foreign = make_batch()
    assert browser(world.province.reviewer).get(f"/office/exams/{draft.pk}/").status_code == 404
    assert browser(world.organiser).get(f"/office/exams/{foreign.pk}/").status_code == 404
    assert browser(world.province.decider).get(f"/office/exams/{draft.pk}/").status_code == 200


def test_sessions_are_copied_as_far_as_their_rooms_are_free(world: ExamWorld) -> None:
    client, site = browser(world.province.decider), make_site(world.organiser_office, 30, 20)
    make_session(world.batch, site, actor(world.organiser), "A", "C2")
    address = f"/office/exams/new/?copy={world.batch.pk}"
    values = FORM | {"exam_from": "2027-01-09", "organiser": str(world.organiser_office.pk)}
    page = client.post(address, values, follow=True).content.decode()
    assert "照原批次安排了 1 场考试，请核对时间和考场" in page
    (session,) = ExamBatch.objects.get(name=FORM["name"]).sessions.order_by("pk")
    assert session.starts_at == datetime.fromisoformat("2027-01-09T09:00:00+08:00")
    assert session.categories == ["A", "C2"]
    assert sorted(session.rooms.values_list("seats", flat=True)) == [20, 30]
    same_day = client.post(address, values | {"name": "同一天的批次"}, follow=True).content.decode()
    assert "没有照搬：3号楼101在这段时间已有另一场考试" in same_day
    assert not ExamBatch.objects.get(name="同一天的批次").sessions.exists()
    of_others = values | {"name": "别处的批次", "organiser": "", "exam_from": "2027-02-06"}
    assert "考试机构不同，场次和考场没有照搬" in client.post(address, of_others, follow=True).content.decode()
    other_kind = values | {"name": "别的类别", "categories": ["B"], "exam_from": "2027-03-06"}
    assert "没有照搬" not in client.post(address, other_kind, follow=True).content.decode()
    assert not ExamBatch.objects.get(name="别的类别").sessions.exists()


def test_reviewers_open_an_entry_from_its_batch(world: ExamWorld) -> None:
    (entry,) = world.entered()
    link = f'href="/office/exams/entries/{entry.pk}/"'
    assert link in text(browser(world.province.reviewer), f"/office/exams/{world.batch.pk}/")
    assert link not in text(browser(world.organiser), f"/office/exams/{world.batch.pk}/")


def test_a_draft_is_copied_and_deleted(world: ExamWorld) -> None:
    client = browser(world.province.decider)
    page = text(client, f"/office/exams/new/?copy={world.batch.pk}")
    assert f'value="{world.batch.quota}"' in page
    assert world.batch.site in page
    assert world.batch.name not in page
    assert world.batch.exam_from.isoformat() not in page
    assert client.get("/office/exams/new/?copy=999999").status_code == 200
    client.post("/office/exams/new/", FORM)
    draft = ExamBatch.objects.get(name=FORM["name"])
    make_session(draft, make_site(world.province.provincial, 30), world.province.provincial_actor)
    gone = client.post(f"/office/exams/{draft.pk}/delete/", follow=True)
    assert "已删除" in gone.content.decode()
    assert not ExamBatch.objects.filter(pk=draft.pk).exists()
    assert AuditEntry.objects.filter(action="exam_batch.delete", object_id=str(draft.pk)).exists()
    refused = client.post(f"/office/exams/{world.batch.pk}/delete/")
    assert refused.status_code == 409
    assert "只能删除还没有公布的草稿" in refused.content.decode()


def listed(page: str, *batches: ExamBatch) -> list[str]:
    """Names of the batches in the order of the page."""
    found = [(page.find(f">{batch.name}<"), batch.name) for batch in batches]
    return [name for place, name in sorted(found) if place >= 0]


def test_the_list_is_filtered_and_open_ones_come_first(world: ExamWorld) -> None:
    day = NOW.date()
    old = {"sign_up_from": day - timedelta(days=60), "sign_up_to": day - timedelta(days=50)}
    ended = make_batch(exam_from=day - timedelta(days=40), exam_to=day - timedelta(days=40), **old)
    closed = make_batch(exam_from=day + timedelta(days=90), exam_to=day + timedelta(days=90), **old)
    draft = make_batch(status="draft", announced_at=None, exam_type="resit", region_id="360400", name="九江补考草稿")
    client = browser(world.province.decider)
    every = (world.batch, draft, closed, ended)
    assert listed(text(client, "/office/exams/"), *every) == [one.name for one in every]
    for query, expected in (
        ("status=draft", [draft]),
        ("region=360400", [draft]),
        ("exam_type=resit", [draft]),
        ("name=补考", [draft]),
        (f"name={ended.name[2:]}", [ended]),
        ("region=nowhere", list(every)),
    ):
        assert listed(text(client, f"/office/exams/?{query}"), *every) == [one.name for one in expected], query


def test_a_city_sees_what_its_enterprises_may_enter(world: ExamWorld) -> None:
    county, everywhere = make_batch(region_id="360102"), make_batch(region_id="360000")
    foreign, reviewed = make_batch(region_id="360400"), make_batch(region_id="360400")
    make_entry(
        make_candidate(world.enterprise), world.enterprise, reviewed, office=world.province.municipal, state="entered"
    )
    client = browser(world.province.reviewer)
    page = text(client, "/office/exams/")
    for batch in (world.batch, county, everywhere, reviewed):
        assert batch.name in page
    assert foreign.name not in page
    assert client.get(f"/office/exams/{foreign.pk}/").status_code == 404


def test_the_enterprise_finds_open_batches_first_and_ended_ones_apart(world: ExamWorld) -> None:
    day = NOW.date()
    ended = make_batch(
        sign_up_from=day - timedelta(days=60),
        sign_up_to=day - timedelta(days=50),
        exam_from=day - timedelta(days=40),
        exam_to=day - timedelta(days=40),
    )
    page = text(browser(world.operator), "/enterprise/exams/")
    assert page.find(world.batch.name) < page.find("<h2>已结束和已取消</h2>") < page.find(ended.name)


def test_a_change_over_another_one_is_shown_first(world: ExamWorld) -> None:
    """Two clerks have the draft open: the second one's old quota does not undo the first one's new one unseen."""
    client = browser(world.province.decider)
    client.post("/office/exams/new/", FORM)
    batch = ExamBatch.objects.get(name=FORM["name"])
    address = f"/office/exams/{batch.pk}/change/"
    (seen,) = re.findall(r'name="content" value="([^"]+)"', text(client, address))
    assert client.post(address, FORM | {"quota": "60", "content": seen}).status_code == 302
    refused = client.post(address, FORM | {"note": "带身份证", "content": seen})
    assert refused.status_code == 409
    assert "又修改过" in refused.text
    assert "带身份证" in refused.text, "what was typed stays"
    batch.refresh_from_db()
    assert (batch.quota, batch.note) == (60, "")
    (now,) = re.findall(r'name="content" value="([^"]+)"', refused.text)
    assert client.post(address, FORM | {"note": "带身份证", "quota": "60", "content": now}).status_code == 302
    batch.refresh_from_db()
    assert (batch.quota, batch.note) == (60, "带身份证")
