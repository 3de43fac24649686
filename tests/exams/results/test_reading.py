"""Files of organisers as people mean them: words in 缺考 and 违纪, marks in odd notations, files that say too much."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from administration.enums import RunState
from administration.imports.plausibility import CONFIRMATION
from administration.imports.services import Book, run_import
from administration.models import ImportRun
from common.tabular.yes_no import plain_word
from exams.models import ExamEntry
from exams.results.importing import parse_score
from exams.results.selectors import KIND
from exams.results.words import parse_absence, parse_cheating
from tests.clock import Clock
from tests.exams.exam_world import AFTER, ExamWorld
from workflow.models import Bar

TITLES = ["姓名", "身份证号", "证书类别", "成绩", "缺考", "违纪"]

PLAIN_YES = {"是", "有", "1", "Y", "YES", "T", "TRUE", "√", "✓", "✔", "☑", "✅"}
NO_FINDING = [
    *(
        "正常",
        "——",
        "/",
        "无违纪",
        "未发现",
        "否",
        "无",
        "没有",
        "-",
        "—",
        "－－",
        "／",
        "N",
        "no",
        "0",
        "×",
        "✗",
        "无。",
    ),
    *("未违纪", "没有作弊", "无作弊行为", "未发现违规行为", "不存在违纪情况", "无异常", "未发现异常情况", "一切正常"),
    *(
        "考试正常",
        "无违规违纪行为",
        "没有违反考场纪律",
        "未发现任何违纪",
        "无 违 纪",
        "正常。",
        "FALSE",
        "N/A",
        "＼",
        "暂无",
    ),
]
FINDINGS = [
    *("作弊", "替考", "夹带", "违规", "违纪", "夹带资料", "携带手机", "使用通讯工具", "抄袭他人答案", "让他人替考"),
    *("传递纸条", "违反考场纪律", "作弊，取消成绩", "替考，禁考一年", "是（夹带）", "是：带手机", "交头接耳", "雷同卷"),
]
UNPLAIN = [
    *("可能", "疑似作弊", "涉嫌替考", "否认作弊", "待核实", "作弊？", "良好", "合格", "通过", "遵守纪律", "诚信考试"),
    *(
        "作弊0次",
        "违纪：无",
        "是否作弊：否",
        "排除作弊",
        "防作弊系统正常",
        "严禁夹带",
        "见附件",
        "张三",
        "85",
        "2",
        "-1",
        "。",
    ),
    *("未必没有作弊", "不确定", "缺考", "是否", "?", "违纪待查", "误判作弊", "*", "好", "已处理"),
]


@pytest.mark.parametrize("word", ["", *NO_FINDING])
def test_reading_b1_words_that_say_there_was_none(word: str) -> None:
    assert parse_cheating(word) == ""


@pytest.mark.parametrize("word", ["是", "有", "Y", "yes", "1", "√", "TRUE", *FINDINGS])
def test_reading_b1_findings_that_are_plainly_stated(word: str) -> None:
    assert parse_cheating(word) == (word if word in FINDINGS else "考试作弊")


@pytest.mark.parametrize("word", UNPLAIN)
def test_reading_b1_anything_else_is_refused(word: str) -> None:
    with pytest.raises(ValidationError, match="违纪应填写 是、否 或具体情况"):
        parse_cheating(word)


@given(st.text(max_size=12), st.text(alphabet="无未没不否正常违纪作弊发现行为替考疑似", max_size=8))
def test_reading_b1_whatever_denies_or_doubts_is_no_finding(anything: str, word: str) -> None:
    for written in (anything, word):
        try:
            finding = parse_cheating(written)
        except ValidationError:
            continue
        if finding:
            assert plain_word(written) in PLAIN_YES or not set(finding) & set("无未没不否疑似")


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("是", "absent"),
        ("缺考", "absent"),
        ("请假", "excused"),
        ("否", ""),
        ("——", ""),
        ("/", ""),
        ("未缺考", ""),
        ("到考", ""),
    ],
)
def test_reading_b1_absence_takes_the_same_words(word: str, state: str) -> None:
    assert parse_absence(word) == state


@pytest.mark.parametrize("word", ["正常", "可能", "3", "违纪", "迟到"])
def test_reading_b1_absence_refuses_the_rest(word: str) -> None:
    with pytest.raises(ValidationError, match="缺考应填写 是、否"):
        parse_absence(word)


@pytest.mark.parametrize(
    "value", ["8,5", "8，5", "6e1", "6E1", "6.0e1", "85%", "８５％", "8 5", "八十五", "1,00", "85.55", "NaN"]
)
def test_reading_m1_marks_in_odd_notations_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        parse_score(value)


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("１００分", "100"),
        ("85.5", "85.5"),
        (59.300000000000004, "59.3"),
        (85, "85"),
        ("８５．５", "85.5"),
        ("85 分", "85"),
    ],
)
def test_reading_m1_marks_as_people_write_them(value: str | float, score: str) -> None:
    assert parse_score(value) == Decimal(score)


@pytest.fixture
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


@pytest.fixture
def world(today: None, db: None) -> ExamWorld:
    return ExamWorld()


def sheet(entries: list[ExamEntry], *rests: list[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(TITLES)
    for entry, rest in zip(entries, rests, strict=True):
        book.active.append([entry.person.name, entry.person.id_number, entry.category, *rest])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def load(content: bytes, *, confirmed: bool = False, dry_run: bool = False) -> Book:
    return run_import(KIND, content, "成绩.xlsx", confirmed=confirmed, dry_run=dry_run)


def states() -> list[str]:
    return list(ExamEntry.objects.order_by("pk").values_list("state", flat=True))


def test_reading_b1_no_word_for_none_bars_anybody(world: ExamWorld) -> None:
    words = ["正常", "未发现", "—", False, 0]
    book = load(sheet(world.approved(5), *([70 if place % 2 else 55, None, word] for place, word in enumerate(words))))
    assert (book.new, book.bad) == (5, 0)
    assert states() == ["failed", "passed", "failed", "passed", "failed"]
    assert not Bar.objects.exists()


def test_a_file_in_which_all_cheat_stops_and_asks(world: ExamWorld) -> None:
    content = sheet(world.approved(4), *([None, None, "是"] for _ in range(4)))
    stopped = load(content)
    assert (stopped.run.state, states(), Bar.objects.count()) == (RunState.FAILED, ["approved"] * 4, 0)
    assert "4 行中有 4 行（100%）为“违纪作弊”" in stopped.run.error
    assert CONFIRMATION in stopped.run.error
    tried = load(content, dry_run=True)
    assert [(share.title, share.rows, share.of) for share in tried.unlikely] == [("违纪作弊", 4, 4)]
    taken = load(content, confirmed=True)
    assert (taken.run.state, taken.new, Bar.objects.count()) == (RunState.DONE, 4, 4)
    assert "多得不寻常" in taken.notes[0].sentence


def test_a_file_in_which_all_were_absent_stops_and_asks(world: ExamWorld) -> None:
    book = load(sheet(world.approved(5), *([None, "缺考", None] for _ in range(5))))
    assert (book.run.state, Bar.objects.count()) == (RunState.FAILED, 0)
    assert "缺考" in book.run.error


def test_few_cheaters_of_many_or_in_a_small_file_are_not_asked_about(world: ExamWorld) -> None:
    book = load(sheet(world.approved(2), *([None, None, "夹带"] for _ in range(2))))
    assert (book.run.state, book.new) == (RunState.DONE, 2)
    rests = [[80, None, None]] * 15 + [[None, None, "替考"]] * 3
    book = load(sheet(world.approved(18), *rests))
    assert (book.run.state, book.new) == (RunState.DONE, 18)


def test_the_command_asks_for_the_confirmation_too(world: ExamWorld, tmp_path: object) -> None:
    content = sheet(world.approved(4), *([None, None, "作弊"] for _ in range(4)))
    file = f"{tmp_path}/成绩.xlsx"
    with open(file, "wb") as stream:
        stream.write(content)
    with pytest.raises(CommandError, match="多得不寻常"):
        call_command("import_exam_results", file)
    given = ["--confirmed", "--reason", "与登记表核对", "--by", "甲"]
    for short in ([], given[:3], given, [*given, "--second", "甲"], [*given[:3], "--second", "乙"]):
        with pytest.raises(CommandError):
            call_command("import_exam_results", file, "--confirmed", *short)
    for name, most in {"--reason": 1000, "--by": 100, "--second": 100}.items():
        with pytest.raises(CommandError, match=f"{name} 最多 {most} 字，现在 {most + 1} 字"):
            call_command("import_exam_results", file, *given, "--second", "乙", name, "核" * (most + 1))
    assert states() == ["approved"] * 4
    call_command("import_exam_results", file, *given, "--second", "乙")
    run = ImportRun.objects.latest("pk")
    assert (run.answer, run.answered_by, run.confirmed_by) == ("与登记表核对", "甲", "乙")
    assert states() == ["cheated"] * 4


@pytest.mark.parametrize(("remark", "taken"), [("补" * 196, 1), ("补" * 197, 0)])
def test_a_finding_and_its_remark_are_refused_together_when_too_long(world: ExamWorld, remark: str, taken: int) -> None:
    """Of 200 characters, the finding 夹带手 and the sign between the two take four."""
    (entry,) = world.approved(1)
    content = f"姓名,身份证号,证书类别,违纪,备注\n{entry.person.name},{entry.person.id_number},{entry.category},夹带手,{remark}"
    book = run_import(KIND, content.encode(), "成绩.csv")
    assert (book.new, book.bad) == (taken, 1 - taken)
    entry.refresh_from_db()
    assert entry.remark == (f"夹带手；{remark}" if taken else "")
    assert [problem.sentence for problem in book.problems] == (
        [] if taken else ["违纪情况和备注合起来最多 200 字，现在 201 字，请缩短。"]
    )
