"""Results recorded one by one, by the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry
from tests.clock import Clock
from tests.exams.exam_world import AFTER, NOW, ExamWorld, make_batch, make_candidate, make_entry, text
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def test_results_are_recorded_one_by_one_and_corrected(
    world: ExamWorld, clock: Clock, run_jobs: Callable[..., list[str]]
) -> None:
    first, second = world.approved(2)
    client = browser(world.organiser)
    address = f"/office/exams/entries/{first.pk}/result/"
    assert "还没有开始" in client.post(address, {"outcome": "absent"}).content.decode()
    clock.stop_at(AFTER)
    ExamBatch.objects.update(exam_from=date(2026, 11, 22), sign_up_to=date(2026, 11, 21))
    ExamEntry.objects.update(reviewed_at=NOW - timedelta(days=2), notified_at=NOW - timedelta(days=2))
    client = browser(world.organiser)
    assert "登记结果" in text(client, f"/office/exams/{world.batch.pk}/")
    assert client.post(address, {"outcome": "marked"}).status_code == 400
    assert client.post(address, {"outcome": "cheated"}).status_code == 400
    client.post(address, {"outcome": "absent"})
    assert "不得参加考试报名" in text(browser(first.person.user), "/person/exams/")
    refused = client.post(address, {"outcome": "marked", "knowledge_score": "75.5"})
    assert refused.status_code == 400
    assert "更正成绩请写明原因" in refused.text
    client.post(address, {"outcome": "marked", "knowledge_score": "７５．５分", "reason": "签到表漏签，实际参加了考试"})
    page = text(client, address)
    assert "更正：无故缺考 → 合格，知识考核 75.5" in page
    assert "签到表漏签，实际参加了考试" in page
    first.refresh_from_db()
    assert first.state == "passed"
    assert "不得参加考试报名" not in text(browser(first.person.user), "/person/exams/")
    run_jobs()
    assert "首次发证办理中" in text(browser(first.person.user), "/person/exams/")
    assert browser(world.province.reviewer).get(address).status_code == 403
    other = make_entry(make_candidate(world.enterprise), world.enterprise, make_batch())
    assert client.get(f"/office/exams/entries/{other.pk}/result/").status_code == 404
    client.post(f"/office/exams/entries/{second.pk}/result/", {"outcome": "cheated", "remark": "夹带资料"})
    assert "夹带资料" in text(client, f"/office/exams/{world.batch.pk}/?state=cheated")


def test_a_correction_over_another_one_is_shown_first(world: ExamWorld, clock: Clock) -> None:
    """Two clerks have the page open: the second corrects what the first has made of it, and not what was there before."""
    clock.stop_at(AFTER)
    entry = make_entry(make_candidate(world.enterprise), world.enterprise, world.batch, state=EntryState.FAILED)
    address = f"/office/exams/entries/{entry.pk}/result/"
    client = browser(world.organiser)
    (seen,) = re.findall(r'name="settled" value="([^"]+)"', text(client, address))
    typed = {"outcome": "marked", "knowledge_score": "75", "reason": "漏加一题", "settled": seen}
    clock.stop_at(AFTER + timedelta(minutes=1))
    assert client.post(address, typed).status_code == 302
    typed |= {"knowledge_score": "58.5", "reason": "多加一题"}
    clock.stop_at(AFTER + timedelta(minutes=2))
    refused = client.post(address, typed)
    assert refused.status_code == 409
    assert all(said in refused.text for said in ("又登记过", "合格，知识考核 75", "多加一题", "58.5"))
    entry.refresh_from_db()
    assert entry.knowledge_score == 75
    (now,) = re.findall(r'name="settled" value="([^"]+)"', refused.text)
    assert client.post(address, typed | {"settled": now}).status_code == 302
    entry.refresh_from_db()
    assert str(entry.knowledge_score) == "58.5"
