"""Results are seen before they take effect: who is new, corrected, refused or missing, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.enums import Duty
from administration.enums import ImportState
from administration.imports.uploads import run_queued
from administration.models import ImportRow, ImportRun, Message
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.results.services import Result, record_results
from tests.clock import Clock
from tests.exams.exam_world import AFTER, ExamWorld, make_candidate, make_entry
from tests.factories import actor, make_staff
from workflow.models import Application, Bar

pytestmark = pytest.mark.django_db
HEADER = "姓名,身份证号,成绩,缺考,违纪,更正原因"
WHY = "迟到未签到，实际参加了考试"
NAMES = ("赵一", "钱二", "孙三", "李四", "周五")


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


@pytest.fixture
def entries(world: ExamWorld) -> list[ExamEntry]:
    people = [make_candidate(world.enterprise, name) for name in NAMES]
    return [make_entry(one, world.enterprise, world.batch, office=world.province.municipal) for one in people]


@pytest.fixture
def hall(client: Client, world: ExamWorld) -> Client:
    client.force_login(world.organiser)
    return client


def content(*rows: tuple[ExamEntry, str], name: str = "") -> bytes:
    lines = [f"{name or entry.person.name},{entry.person.id_number},{rest}" for entry, rest in rows]
    return "\n".join([HEADER, *lines]).encode()


def preview(client: Client, file: bytes, run_jobs: Callable[[], list[str]]) -> ImportRun:
    answer = client.post("/office/imports/new/", {"kind": "exam_results", "file": SimpleUploadedFile("成绩.csv", file)})
    assert answer.status_code == 302, answer.content.decode()
    run_jobs()
    return ImportRun.objects.latest("pk")


def page_of(client: Client, run: ImportRun, more: str = "") -> str:
    return client.get(f"/office/imports/{run.pk}/{more}").content.decode()


def confirm(client: Client, run: ImportRun, **data: str) -> int:
    return client.post(f"/office/imports/{run.pk}/confirm/", {"plan": run.plan} | data).status_code


def states() -> list[str]:
    return list(ExamEntry.objects.order_by("person__pk").values_list("state", flat=True))


def test_the_preview_shows_all_and_the_confirmation_takes_in_the_same(
    hall: Client, world: ExamWorld, entries: list[ExamEntry], run_jobs: Callable[[], list[str]]
) -> None:
    first, second, third, fourth, _ = entries
    record_results([Result(second.pk, EntryState.ABSENT)], by=actor(world.organiser), now=AFTER)
    told = Message.objects.count()
    file = (
        content((first, "88,,"), (second, f"72,,,{WHY}"), (third, ",是,"))
        + f"\n错名,{fourth.person.id_number},60,,".encode()
    )
    run = preview(hall, file, run_jobs)
    assert (run.state, run.rows_new, run.rows_changed, run.rows_bad, run.rows_missing) == ("previewed", 2, 1, 1, 1)
    assert states() == ["approved", "absent", "approved", "approved", "approved"]
    assert not Application.objects.filter(kind="first_issue").exists()
    assert Message.objects.exclude(mailbox=world.organiser_office.mailbox_id).count() == told
    page = page_of(hall, run)
    for said in (
        "还没有录入任何成绩",
        "无故缺考",
        "钱二",
        "原来的报名限制解除",
        "2027年6月12日以前不能再报名",
        "姓名与报名信息不一致",
        "周五",
        "不会当作缺考",
    ):
        assert said in page, said
    assert "李四" not in page_of(hall, run, "?show=missing")  # named in the file, though wrongly
    assert "要么全部导入，要么一行也不导入" in page
    assert "只导入没有问题的行" not in page
    assert confirm(hall, run) == 409
    assert confirm(hall, run, good_rows_only="on") == 409
    assert states()[0] == "approved"
    run = preview(hall, content((first, "88,,"), (second, f"72,,,{WHY}"), (third, ",是,")), run_jobs)
    assert confirm(hall, run) == 302
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.rows_new, run.rows_changed, run.rows_bad, run.rows_missing) == ("done", 2, 1, 0, 2)
    assert states() == ["passed", "passed", "absent", "approved", "approved"]
    assert run.upload == ""
    assert run.confirmed_by == "考务员"
    made = ImportRow.objects.filter(run=run, outcome="changed").get()
    assert (made.object_type, made.object_id) == ("exams.examentry", second.pk)
    assert ["结果", "无故缺考", "合格"] in made.changes


def test_a_file_full_of_cheaters_asks_before_it_counts(
    hall: Client, world: ExamWorld, entries: list[ExamEntry], run_jobs: Callable[[], list[str]]
) -> None:
    run = preview(hall, content(*((entry, ",,是") for entry in entries)), run_jobs)
    page = page_of(hall, run)
    assert "请停一下" in page
    assert "5 行中有 5 行（100%）为“违纪作弊”" in page
    assert confirm(hall, run) == 400
    assert confirm(hall, run, answer="与考点违纪登记表逐人核对") == 302
    assert confirm(hall, run) == 403
    run_jobs()
    assert not Bar.objects.exists()
    second = Client()
    second.force_login(make_staff(world.organiser_office, Duty.ORGANISE, name="另一考务员"))
    assert confirm(second, run) == 302
    run_jobs()
    assert Bar.objects.count() == 5
    run.refresh_from_db()
    assert run.is_confirmed


def test_what_changed_meanwhile_is_shown_again_and_nothing_taken_in(
    hall: Client, world: ExamWorld, entries: list[ExamEntry], run_jobs: Callable[[], list[str]]
) -> None:
    run = preview(hall, content(*((entry, "70,,,试卷重新评过") for entry in entries)), run_jobs)
    old = run.plan
    assert confirm(hall, run) == 302
    record_results([Result(entries[0].pk, EntryState.CHEATED, remark="替考")], by=actor(world.organiser), now=AFTER)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.rows_new, run.rows_changed) == ("previewed", 4, 1)
    assert run.plan != old
    assert states() == ["cheated", *["approved"] * 4]
    page = page_of(hall, run)
    assert "确认以后数据有了变化" in page
    stale = hall.post(f"/office/imports/{run.pk}/confirm/", {"plan": old})
    assert stale.status_code == 409
    assert "预览已经更新" in stale.content.decode()
    assert confirm(hall, run) == 302
    run_jobs()
    assert states() == ["passed"] * 5


def test_a_second_confirmation_is_told_so(
    hall: Client, entries: list[ExamEntry], run_jobs: Callable[[], list[str]]
) -> None:
    run = preview(hall, content((entries[0], "70,,")), run_jobs)
    assert confirm(hall, run) == 302
    again = hall.post(f"/office/imports/{run.pk}/confirm/", {"plan": run.plan})
    assert again.status_code == 409
    assert "已经确认过了" in again.content.decode()
    run_jobs()
    late = hall.post(f"/office/imports/{run.pk}/confirm/", {"plan": run.plan})
    assert late.status_code == 409
    assert "这个文件已经导入" in late.content.decode()
    run_queued(run.pk)
    assert Message.objects.filter(title__startswith="考试结果", mailbox=entries[0].person.mailbox_id).count() == 1
    assert Message.objects.filter(title__startswith="考试结果").count() == 2  # and one for the enterprise


def test_an_error_half_way_leaves_no_result(
    hall: Client, entries: list[ExamEntry], run_jobs: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows go in by chunks of one here; the entry of the last person has been withdrawn by then."""
    monkeypatch.setattr("administration.imports.services.CHUNK", 1)
    run = preview(hall, content(*((entry, "70,,") for entry in entries)), run_jobs)
    assert confirm(hall, run) == 302
    ExamEntry.objects.filter(pk=entries[-1].pk).update(state=EntryState.WITHDRAWN, reviewed_at=None)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.rows_bad) == (ImportState.PREVIEWED, 1)
    assert states() == [*["approved"] * 4, "withdrawn"]


def test_the_command_shows_the_same_and_changes_nothing(entries: list[ExamEntry], tmp_path: Path) -> None:
    file = tmp_path / "成绩.csv"
    file.write_bytes(content((entries[0], "88,,"), (entries[1], "101,,")))
    out = StringIO()
    call_command("import_exam_results", file, "--dry-run", stdout=out, stderr=StringIO())
    said = out.getvalue()
    assert "新增 赵一，C2证" in said
    assert "结果 合格" in said
    assert "成绩应在0至100之间" in said
    assert "文件中没有 3" in said
    assert "文件中没有 孙三" in said
    assert set(states()) == {"approved"}
    assert not ImportRun.objects.exists()
    with pytest.raises(CommandError, match="没有导入任何一行"):
        call_command("import_exam_results", file, stdout=StringIO(), stderr=StringIO())
    assert set(states()) == {"approved"}
    with pytest.raises(CommandError, match="不能用 --good-rows"):
        call_command("import_exam_results", file, "--good-rows", stdout=StringIO(), stderr=StringIO())
    assert set(states()) == {"approved"}


def test_a_file_in_which_everybody_passes_asks_too(
    hall: Client, world: ExamWorld, run_jobs: Callable[[], list[str]]
) -> None:
    entries = world.approved(20)
    run = preview(hall, content(*((entry, "60,,") for entry in entries)), run_jobs)
    assert "20 行中有 20 行（100%）为“合格”" in page_of(hall, run)
    assert confirm(hall, run) == 400
    run = preview(hall, content(*((entry, "60,,") for entry in entries[:-1]), (entries[-1], "59,,")), run_jobs)
    assert run.questions == []


def test_the_preview_says_which_first_issues_end(
    hall: Client, world: ExamWorld, run_jobs: Callable[[], list[str]]
) -> None:
    entry = world.passed()
    run_jobs()
    assert Application.objects.get().is_open
    run = preview(hall, content((entry, "40,,,登分时串了行")), run_jobs)
    assert "正在办理的首次发证终止" in page_of(hall, run)
    assert Application.objects.get().is_open
    assert confirm(hall, run) == 302
    run_jobs()
    assert not Application.objects.get().is_open
