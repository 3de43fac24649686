"""The organiser takes the candidates with their full numbers, fills in the results, and uploads the same file."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from accounts.enums import Duty
from administration.imports.services import run_import
from administration.models import AuditEntry
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.results.selectors import KIND
from tests.clock import Clock
from tests.exams.exam_world import AFTER, NOW, ExamWorld, make_candidate, make_entry
from tests.factories import make_staff
from tests.workflow.browsing import browser, words

pytestmark = pytest.mark.django_db
TITLES = [
    "准考证号",
    "姓名",
    "身份证号",
    "考试批次",
    "证书类别",
    "成绩",
    "能力考核",
    "缺考",
    "违纪",
    "备注",
    "更正原因",
]


def test_the_file_of_candidates_is_the_file_of_results(world: ExamWorld, clock: Clock) -> None:
    clock.stop_at(NOW)
    rare = make_entry(make_candidate(world.enterprise, "䶮𬭎·古丽"), world.enterprise, world.batch)
    failed = make_entry(
        make_candidate(world.enterprise, "冯不合"), world.enterprise, world.batch, state=EntryState.FAILED
    )
    (waiting,) = world.entered()
    client = browser(world.organiser)
    assert "下载考生名单（含完整身份证号）" in words(client.get(f"/office/exams/{world.batch.pk}/"))
    answer = client.post(f"/office/exams/{world.batch.pk}/candidates/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    book = load_workbook(io.BytesIO(answer.content))
    titles, *rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert titles == TITLES
    by_number = {row[2]: row for row in rows}
    assert set(by_number) == {rare.person.id_number, failed.person.id_number}
    assert waiting.person.id_number not in by_number
    assert by_number[failed.person.id_number][5] == "40.0"
    # All digits of a number are text.
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert by_number[rare.person.id_number][3] == world.batch.name
    entry = AuditEntry.objects.get(action="exam_batch.candidates")
    assert (entry.object_id, entry.detail["count"]) == (str(world.batch.pk), 2)

    for row in book.active.iter_rows(min_row=2):
        if row[2].value == rare.person.id_number:
            row[5].value = "76"
    filled = io.BytesIO()
    book.save(filled)
    clock.stop_at(AFTER)
    book = run_import(KIND, filled.getvalue(), "成绩.xlsx")
    assert [one.sentence for one in book.run.problems.all()] == []
    rare.refresh_from_db()
    assert (rare.state, rare.knowledge_score) == (EntryState.PASSED, Decimal(76))
    assert ExamEntry.objects.get(pk=failed.pk).state == EntryState.FAILED


def test_nobody_else_takes_the_numbers(world: ExamWorld) -> None:
    world.approved()
    address = f"/office/exams/{world.batch.pk}/candidates/"
    other = make_staff(world.province.stranger.office, Duty.REVIEW, Duty.ORGANISE)
    for user, status in ((world.province.reviewer, 403), (other, 404), (world.operator, 403)):
        assert browser(user).post(address).status_code == status
    assert "下载考生名单" not in words(browser(world.province.reviewer).get(f"/office/exams/{world.batch.pk}/"))
    assert browser(world.organiser).get(address).status_code in (302, 405)
    assert not AuditEntry.objects.filter(action="exam_batch.candidates").exists()
