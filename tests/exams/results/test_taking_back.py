"""An import of results is taken back: entries and bars are as before, and what was built on a result stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from administration.imports.reversing import reach_of
from administration.models import ImportReversal, ImportRow, ImportRun, Message
from exams.enums import EntryState
from exams.models import ExamEntry, ResultChange
from exams.results.services import Result, record_results
from tests.exams.exam_world import AFTER, ExamWorld, make_batch, make_entry
from tests.factories import actor
from workflow.models import Application, Bar

from .test_preview import confirm, content, entries, hall, preview, states, today  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], list[str]]


def stored() -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
    """Entries as they stand, and the bars in force."""
    bars = Bar.objects.filter(lifted_at__isnull=True).order_by("pk").values_list("person", "starts_on", "ends_on")
    return list(ExamEntry.objects.order_by("pk").values()), list(bars)


def imported(hall: Client, rows: list[tuple[ExamEntry, str]], run_jobs: RunJobs) -> ImportRun:  # noqa: F811
    run = preview(hall, content(*rows), run_jobs)
    assert confirm(hall, run) == 302
    run_jobs()
    run.refresh_from_db()
    assert run.state == "done", run.error
    return run


def address(run: ImportRun) -> str:
    return f"/office/imports/{run.pk}/reversal/"


def take_back(hall: Client, run: ImportRun, run_jobs: RunJobs) -> tuple[int, int]:  # noqa: F811
    sent = {"plan": reach_of(run, run.user_id).digest, "reason": "成绩单选错了"}
    answer = hall.post(address(run), sent)
    assert answer.status_code == 302, answer.content.decode()
    run_jobs()
    done = ImportReversal.objects.latest("pk")
    return done.taken, done.kept


def test_entries_and_bars_are_as_before(
    hall: Client,  # noqa: F811
    world: ExamWorld,
    entries: list[ExamEntry],  # noqa: F811
    run_jobs: RunJobs,
) -> None:
    """The second was barred as absent before, and the import made that a mark."""
    record_results([Result(entries[1].pk, EntryState.ABSENT)], by=actor(world.organiser), now=AFTER)
    before = stored()
    run = imported(hall, [(entries[0], "40,,"), (entries[1], "45,,,补登成绩"), (entries[2], ",是,")], run_jobs)
    assert states()[:3] == ["failed", "failed", "absent"]
    assert stored()[1] != before[1]
    assert take_back(hall, run, run_jobs) == (3, 0)
    assert stored() == before
    told = Message.objects.filter(title__startswith="考试结果已撤回")
    assert told.count() == 3
    lines = list(ResultChange.objects.filter(entry=entries[1]).order_by("pk"))
    assert [(one.former_state, one.state, one.reason) for one in lines] == [
        ("approved", "absent", ""),
        ("absent", "failed", "补登成绩"),
        ("failed", "absent", "撤回成绩文件：成绩单选错了"),
    ]
    again = imported(hall, [(entries[0], "41,,"), (entries[2], "42,,")], run_jobs)
    assert again.rows_new == 2


def with_a_certificate_on_its_way(entry: ExamEntry, world: ExamWorld) -> str:
    assert Application.objects.filter(kind="first_issue", person=entry.person).exists()
    return "首次发证正在审批"


def with_a_lifted_bar(entry: ExamEntry, world: ExamWorld) -> str:
    entry.refresh_from_db()
    assert entry.settled_at is not None
    Bar.objects.filter(person=entry.person).update(lifted_at=entry.settled_at + timedelta(days=1))
    return "由它产生的报名限制已于"


def with_a_bar_that_is_over(entry: ExamEntry, world: ExamWorld) -> str:
    Bar.objects.filter(person=entry.person).update(starts_on="2020-01-01", ends_on="2020-12-31")
    return "期满"


def with_another_entry(entry: ExamEntry, world: ExamWorld) -> str:
    make_entry(entry.person, entry.enterprise, make_batch(name="下一批考试"), category=entry.category)
    return "已报名下一批考试"


def with_a_correction(entry: ExamEntry, world: ExamWorld) -> str:
    record_results([Result(entry.pk, EntryState.EXCUSED, remark="住院", reason="补交证明")], by=actor(world.organiser))
    return "后来又改过"


BUILT = {
    "88,,": [with_a_certificate_on_its_way],
    ",是,": [with_a_lifted_bar, with_a_bar_that_is_over],
    "40,,": [with_another_entry, with_a_correction],
}


@pytest.mark.parametrize(("mark", "build"), [(mark, one) for mark, builds in BUILT.items() for one in builds])
def test_what_was_built_upon_stays(
    hall: Client,  # noqa: F811
    world: ExamWorld,
    entries: list[ExamEntry],  # noqa: F811
    run_jobs: RunJobs,
    mark: str,
    build: Callable[[ExamEntry, ExamWorld], str],
) -> None:
    run = imported(hall, [(entries[0], mark), (entries[1], "41,,")], run_jobs)
    words = build(entries[0], world)
    kept = hall.get(f"{address(run)}?show=kept").text
    assert words in kept
    assert "<b>1</b>可以撤回的行" in kept
    before = ExamEntry.objects.filter(pk=entries[0].pk).values().get()
    bars = list(Bar.objects.order_by("pk").values())
    assert take_back(hall, run, run_jobs) == (1, 1)
    assert ExamEntry.objects.filter(pk=entries[0].pk).values().get() == before
    assert list(Bar.objects.order_by("pk").values()) == bars
    assert states()[1] == "approved"
    assert ImportRow.objects.filter(run=run, reversal__isnull=True).exclude(outcome="missing").count() == 1


def test_a_result_that_a_later_file_repeats_stays(
    hall: Client,  # noqa: F811
    entries: list[ExamEntry],  # noqa: F811
    run_jobs: RunJobs,
) -> None:
    earlier = imported(hall, [(entries[0], "40,,"), (entries[1], "45,,")], run_jobs)
    later = imported(hall, [(entries[0], "40,,"), (entries[2], "30,,")], run_jobs)
    assert (later.rows_new, later.rows_known) == (1, 1)
    page = hall.get(f"{address(earlier)}?show=kept").text
    assert "后来的导入也有这一行，内容相同" in page
    assert f"/office/imports/{later.pk}/" in page
    assert take_back(hall, earlier, run_jobs) == (1, 1)
    assert take_back(hall, later, run_jobs) == (1, 0)
    assert take_back(hall, earlier, run_jobs) == (1, 0)
