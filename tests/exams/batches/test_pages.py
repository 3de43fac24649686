"""Exam batches of the office, by their pages."""

from __future__ import annotations

from typing import Any

import pytest

from administration.models import AuditEntry
from exams.models import ExamBatch
from tests.clock import Clock
from tests.exams.exam_world import EXAM_DAY, NOW, ExamWorld, make_batch, text
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
    assert page.status_code == 409
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
    assert client.post(f"/office/exams/{batch.pk}/call-off/", {"reason": ""}).status_code == 400
    answer = client.post(f"/office/exams/{batch.pk}/call-off/", {"reason": "考点停电", "confirmed": "on"}, follow=True)
    assert "不计缺考" in answer.content.decode()
    assert "考点停电" in text(browser(world.operator), "/enterprise/exams/")
    rows = AuditEntry.objects.filter(object_type="exams.exambatch", object_id=str(batch.pk)).order_by("pk")
    verbs = [action.partition(".")[2] for action in rows.values_list("action", flat=True)]
    assert verbs == ["create", "change", "announce", "call_off"]


def test_drafts_and_other_batches_are_not_for_everybody(world: ExamWorld) -> None:
    draft = make_batch(status="draft", announced_at=None)
    foreign = make_batch()
    assert browser(world.province.reviewer).get(f"/office/exams/{draft.pk}/").status_code == 404
    assert browser(world.organiser).get(f"/office/exams/{foreign.pk}/").status_code == 404
    assert browser(world.province.decider).get(f"/office/exams/{draft.pk}/").status_code == 200
