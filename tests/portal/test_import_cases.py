"""Files modelled on public reports of what people and programs do to tables, through the importers that take them in."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import Workbook, load_workbook

from administration.enums import OfficeKind, RunState
from administration.imports.services import IMPORTERS, Book, execute, run_import
from administration.models import ImportRun
from certificates.enums import LegacyState
from certificates.models import Certificate, CertificateTerm, LegacyCertificate
from enterprises.models import Enterprise, ProjectInProgress
from exams.models import ExamEntry
from tests.clock import Clock
from tests.exams.exam_world import AFTER, ExamWorld, make_candidate, make_entry
from tests.factories import make_enterprise, make_office, make_person
from training.models import TrainingRecord
from workflow.models import Bar

pytestmark = pytest.mark.django_db
CASES = settings.ROOT / "tests" / "fixtures" / "cases"
COMPANY = "江西试验建设有限公司"
NO_RESULT = "单元格是公式，没有计算结果：请用表格软件打开并保存，或粘贴为值。"
START, END = date(2019, 4, 1), date(2022, 3, 31)


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


def load(name: str, kind: str = "legacy") -> Book:
    return run_import(kind, CASES / name, name)


def problems(book: Book) -> list[tuple[int, str]]:
    return [(problem.row_number, problem.column_title) for problem in book.problems]


def records() -> list[LegacyCertificate]:
    return list(LegacyCertificate.objects.order_by("row_number"))


def as_workbook(name: str) -> bytes:
    """The same texts in a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    with (CASES / name).open(encoding="utf-8-sig", newline="") as stream:
        for cells in csv.reader(stream):
            sheet.append(cells)
    stream_out = BytesIO()
    book.save(stream_out)
    return stream_out.getvalue()


# --- old certificates ---


def test_reading_b2_years_and_months_are_no_dates() -> None:
    for book in (load("02-year-only.csv"), run_import("legacy", as_workbook("02-year-only.csv"), "02.xlsx")):
        assert problems(book) == [(2, "发证日期"), (3, "发证日期"), (3, "有效期止")]
        assert all("请写到日，如 2019-04-01" in problem.sentence for problem in book.problems)
    assert not records()


def test_reading_b2_no_certificate_of_1905() -> None:
    make_person("葛花一", id_number="360521199107041868")
    book = load("50-match.csv")
    assert problems(book)[:3] == [(4, "有效期起"), (4, "有效期止"), (5, "有效期止")]
    assert not CertificateTerm.objects.filter(starts_on__lt=date(2000, 1, 1)).exists()
    assert not Certificate.objects.filter(number__in=["赣建安C1（2024）9200003", "赣建安C2（2024）9200004"]).exists()


def test_reading_m10_no_certificate_of_68_years() -> None:
    make_person("葛花一", id_number="360521199107041868")
    book = load("50-match.csv")
    assert any(one.row_number == 3 and "超过 6 年" in one.sentence for one in book.problems)
    assert not CertificateTerm.objects.filter(ends_on__gt=date(2032, 1, 1)).exists()
    assert LegacyCertificate.objects.get(row_number=3).state == LegacyState.QUARANTINED


def test_reading_m8_a_workbook_of_1904() -> None:
    load("04-epoch1904.xlsx")
    assert [(one.issued_on, one.valid_from, one.valid_to) for one in records()] == [(START, START, END)] * 2


def test_reading_m3_a_company_merged_over_three_people() -> None:
    load("06-merged-data.xlsx")
    assert [one.enterprise_name for one in records()] == [COMPANY] * 3


def test_reading_m5_line_breaks_in_cells() -> None:
    load("08-embedded.csv")
    assert [(one.name, one.enterprise_name, one.post) for one in records()] == [
        ("换一", COMPANY, "安全员"),
        ("换二", COMPANY, "安全员"),
    ]


def test_reading_m5_escaped_line_breaks() -> None:
    load("30-x000d.xlsx")
    assert [one.enterprise_name for one in records()] == [COMPANY] * 2


def test_reading_m6_guarded_numbers_and_dates() -> None:
    assert load("09-formula-protected.csv").problems == []
    assert [one.id_number[-4:] for one in records()] == ["0461", "047X", "0488", "0496", "0509"]
    assert {one.valid_to for one in records()} == {END}
    load("44-leading-apostrophe.csv")
    last = LegacyCertificate.objects.get(number="赣建安A（2019）9100229")
    assert (last.id_number, last.valid_to) == ("360102198506122184", END)


def test_reading_m4_formulas_without_results() -> None:
    book = load("11-formula-nocache.xlsx")
    assert problems(book) == [(2, "姓名"), (2, "有效期起"), (3, "有效期起"), (4, "有效期止"), (5, "企业名称")]
    assert {problem.sentence for problem in book.problems} == {NO_RESULT}
    assert not records()


def test_reading_m2_both_sheets_are_read() -> None:
    book = load("12b-two-sheets.xlsx")
    assert (book.read, book.new, book.bad) == (3, 3, 0)
    assert {one.number for one in records()} == {f"赣建安A（2019）91000{n}" for n in (69, 70, 71)}
    assert "读取了 2 个工作表：“2018年”、“2019年”" in "".join(note.sentence for note in book.notes)


def test_reading_m2_a_sheet_that_is_not_read_is_named() -> None:
    book = Workbook()
    assert book.active is not None
    for cells in (
        ["姓名", "身份证号", "证书编号", "有效期止"],
        ["页九", "360102198506120680", "赣建安A（2019）9100070", "2022-03-31"],
    ):
        book.active.append(cells)
    other = book.create_sheet("统计")
    other.append(["合计", 1])
    stream = BytesIO()
    book.save(stream)
    found = run_import("legacy", stream.getvalue(), "f.xlsx")
    assert found.new == 1
    assert [note.column_title for note in found.notes] == ["工作表“统计”"]


def test_no_half_of_a_file_is_taken_in_when_its_end_cannot_be_read() -> None:
    office = make_office("江西建设培训中心", kind=OfficeKind.TRAINING)
    line = "葛花一,360521199107041868,课程{},24,2024-03-01,2024-03-05\n"
    content = (
        "姓名,身份证号,课程,学时,开始日期,结束日期\n" + "".join(line.format(n) for n in range(700)) + '"坏"行,,,,,\n'
    )
    run = ImportRun.objects.create(kind="training", file_name="f.csv", office=office)
    book = execute(run, content.encode())
    assert (book.run.state, TrainingRecord.objects.count()) == (RunState.FAILED, 0)
    assert "第 702 行附近的引号不成对" in book.run.error


@pytest.mark.parametrize(
    ("name", "words"), [("15-strict.xlsx", "Strict Open XML"), ("45-quote.csv", "第 3 行附近的引号不成对")]
)
def test_reading_m2_small_the_cause_is_named(name: str, words: str) -> None:
    book = load(name)
    assert (book.run.state, words in book.run.error) == (RunState.FAILED, True)


# --- other registries ---


def test_reading_m6_numbers_of_projects() -> None:
    make_enterprise(uscc="91360502MA8000005B", region="360502")
    book = load("43-projects-sci.csv", "projects")
    numbers = ProjectInProgress.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["3601021901010101", "3601021901010102"]
    assert problems(book) == [(2, "项目编号"), (3, "项目编号"), (6, "项目编号")]
    assert all("末几位已经丢失" in problem.sentence for problem in book.problems)


def test_reading_m5_names_of_enterprises_without_guards_and_line_breaks() -> None:
    book = load("72-ent-names.csv", "enterprises")
    assert problems(book) == [(12, "企业名称")]
    names = set(Enterprise.objects.values_list("name", flat=True))
    assert {"江西公式建设有限公司", "江西撇号建设有限公司", "江西换行建设有限公司"} <= names


def test_reading_b2_m1_training() -> None:
    office = make_office("江西建设培训中心", kind=OfficeKind.TRAINING)
    run = ImportRun.objects.create(kind="training", file_name="60-training.xlsx", office=office)
    book = execute(run, CASES / "60-training.xlsx")
    assert sorted(set(problems(book))) == [
        (3, "开始日期"),
        (3, "结束日期"),
        (4, "开始日期"),
        (4, "结束日期"),
        (5, "日期重叠说明"),
        (6, "日期重叠说明"),
        (7, "日期重叠说明"),
        (8, "学时"),
        (9, "学时"),
    ]
    assert set(TrainingRecord.objects.values_list("hours", "starts_on")) == {(Decimal("24.0"), date(2024, 3, 1))}


# --- exams ---


def enter_the_people_of(name: str) -> dict[str, ExamEntry]:
    """Approved entries of everybody whom the file names, by name."""
    world = ExamWorld()
    if name.endswith("csv"):
        with (CASES / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = [tuple(cells[:3]) for cells in csv.reader(stream)][1:]
    else:
        rows = [cells[:3] for cells in load_workbook(CASES / name).worksheets[0].iter_rows(min_row=2, values_only=True)]
    entries = {}
    for person_name, id_number, category in rows:
        person = make_candidate(world.enterprise, str(person_name), id_number=str(id_number))
        entries[person.name] = make_entry(person, world.enterprise, world.batch, category=str(category))
    return entries


@pytest.mark.parametrize("read", [lambda name: CASES / name, as_workbook], ids=["csv", "xlsx"])
def test_reading_b1_words_for_none_bar_nobody(read: Callable[[str], Path | bytes]) -> None:
    entries = enter_the_people_of("61-exam-cheating.csv")
    book = run_import("exam_results", read("61-exam-cheating.csv"), "61.csv")
    assert (book.new, book.problems) == (5, [])
    found = ExamEntry.objects.filter(pk__in=[one.pk for one in entries.values()])
    marks = dict(found.values_list("person__name", "knowledge_score"))
    assert marks == {"韩春光": 55, "张博宇": 58, "尤长": 59, "俞春远": 57, "曹刚柏": 56}
    assert set(found.values_list("state", flat=True)) == {"failed"}
    assert not Bar.objects.exists()


def test_reading_m1_marks_in_odd_notations() -> None:
    enter_the_people_of("62-exam-scores.xlsx")
    book = load("62-exam-scores.xlsx", "exam_results")
    assert problems(book) == [(3, "成绩"), (4, "成绩"), (6, "成绩")]
    marks = dict(ExamEntry.objects.filter(settled_at__isnull=False).values_list("person__name", "knowledge_score"))
    assert marks == {"韩春光": Decimal("59.3"), "俞春远": Decimal(100)}


# --- every file through every importer ---


@pytest.mark.parametrize("kind", sorted(importer.kind for importer in IMPORTERS))
def test_no_importer_breaks_at_any_of_the_files(kind: str) -> None:
    for file in sorted(CASES.glob("*.*")):
        book = run_import(kind, file, file.name)
        assert book.run.state == RunState.DONE or (book.run.state == RunState.FAILED and book.run.error), file.name
