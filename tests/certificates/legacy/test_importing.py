from __future__ import annotations

import io
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from accounts.people.identity import id_number_index
from administration.enums import ImportState
from administration.imports.services import Book, run_import
from administration.models import ImportProblem, ImportRun
from certificates.enums import LegacyState, Origin
from certificates.legacy import importing
from certificates.legacy.rows import divided
from certificates.models import Certificate, LegacyCertificate, NumberCounter
from common.database.fields import EncryptedFileSystemStorage

from .legacy_files import HEADER, csv_bytes, csv_file, id_number, old_id_number, person, row

pytestmark = pytest.mark.django_db


def load(*rows: list[str], **options: object) -> Book:
    return run_import("legacy", csv_bytes(*rows), "旧证.csv", by="测试", **options)  # type: ignore[arg-type]


def sentences(book: Book) -> list[str]:
    return [problem.sentence for problem in book.problems]


def test_a_row_becomes_an_inert_record() -> None:
    book = load(row("张三", 1, 7, category="B", 职务="项目经理"))
    record = LegacyCertificate.objects.get()
    assert (book.new, book.known, book.bad, book.quarantined) == (1, 0, 0, 0)
    assert (record.number, record.number_year, record.number_serial) == ("赣建安B（2024）0000007", 2024, 7)
    assert (record.id_number, record.id_number_index) == (id_number(1), id_number_index(id_number(1)))
    assert (record.valid_from, record.valid_to) == (date(2024, 3, 1), date(2027, 2, 28))
    assert record.state == LegacyState.UNMATCHED
    assert book.run.state == ImportState.DONE
    assert (book.run.rows_read, book.run.rows_new, book.run.by) == (1, 1, "测试")


def test_the_id_number_is_not_readable_in_the_database() -> None:
    load(row("张三", 1))
    stored = LegacyCertificate.objects.extra(select={"stored": "id_number"}).values_list("stored", flat=True).get()
    assert id_number(1) not in stored
    assert len(stored) > 40


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    book = run_import("legacy", csv_bytes(row("龚䶮", 1), encoding=encoding, delimiter=delimiter), "f.csv")
    assert book.new == 1
    assert LegacyCertificate.objects.get().name == "龚䶮"


@pytest.mark.parametrize("name", ["李𬭎", "𠮷田一郎", "龚䶮", "阿不都·热合曼", "欧阳娜娜"])
def test_rare_characters_and_separators(name: str) -> None:
    load(row(name, 1))
    assert LegacyCertificate.objects.get().name == name


@pytest.mark.parametrize("separator", "•・．‧∙")
def test_separators_are_unified(separator: str) -> None:
    load(row(f"阿不都{separator}热合曼", 1))
    assert LegacyCertificate.objects.get().name == "阿不都·热合曼"


def test_titles_above_the_header_shuffled_and_unknown_columns() -> None:
    header = [*reversed(HEADER), "备注", "联系人证件"]
    rows = [[*reversed(row("张三", 1)), "旧系统转入", id_number(5)]]
    content = "2025年三类人员证书台账,,\n填表单位：某局,,\n".encode() + csv_bytes(*rows, header=header)
    book = run_import("legacy", content, "f.csv")
    record = LegacyCertificate.objects.get()
    assert book.new == 1
    assert record.name == "张三"
    assert record.extra == {"备注": "旧系统转入"}, "a column that holds ID numbers is not kept in clear"
    assert {note.column_title for note in book.notes} == {"备注", "联系人证件", "企业名称"}
    assert record.row_number == 4


def test_aliases_of_columns() -> None:
    header = [
        "姓名",
        "公民身份号码",
        "证书号",
        "证书类别",
        "工作单位",
        "信用代码",
        "职务",
        "有效期开始",
        "截止日期",
        "状态",
    ]
    assert run_import("legacy", csv_bytes(row(), header=header), "f.csv").new == 1


def test_full_width_digits_and_blanks() -> None:
    wide = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}
    load(
        row(
            "张　三",
            1,
            身份证号=id_number(1).translate(wide),
            number="赣建安Ａ（２０２４）０００００１１",
            有效期止="２０２７-２-２８",
        )
    )
    record = LegacyCertificate.objects.get()
    assert (record.name, record.number, record.valid_to) == ("张三", "赣建安A（2024）0000011", date(2027, 2, 28))


@pytest.mark.parametrize("written", ["2027-02-28", "2027/2/28", "2027.2.28", "20270228", "2027年2月28日", "46446"])
def test_dates_as_offices_write_them(written: str) -> None:
    load(row(有效期止=written))
    assert LegacyCertificate.objects.get().valid_to == date(2027, 2, 28)


def test_fifteen_digit_numbers_are_indexed_by_their_long_form() -> None:
    load(row("张三", 1, 身份证号=old_id_number(1)))
    assert LegacyCertificate.objects.get().id_number_index == id_number_index(id_number(1))


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"姓名": ""}, "姓名"),
        ({"姓名": "张3"}, "姓名"),
        ({"身份证号": "360102198001010019"[:-1] + "0"}, "身份证号"),
        ({"身份证号": id_number(1)[:6] + "19801301" + id_number(1)[14:]}, "身份证号"),
        ({"身份证号": "3.60102E+17"}, "身份证号"),
        ({"证书编号": "赣建安A2024-1"}, "证书编号"),
        ({"证书编号": ""}, "证书编号"),
        ({"有效期止": "2027-02-30"}, "有效期止"),
        ({"有效期止": ""}, "有效期止"),
        ({"有效期起": "2028-01-01"}, "有效期起"),
        ({"类别": "B"}, "类别"),
        ({"类别": "特种作业"}, "类别"),
    ],
)
def test_bad_rows_are_explained_and_hold_nothing_up(changed: dict[str, str], column: str) -> None:
    book = load(row("李四", 2, 2), row("张三", 1, 1, **changed), row("王五", 3, 3))
    assert (book.new, book.bad) == (2, 1)
    assert [problem.row_number for problem in book.problems] == [3]
    assert book.problems[0].column_title == column
    assert book.problems[0].sentence


def test_reports_never_show_an_id_number() -> None:
    wrong = id_number(1)[:-1] + ("1" if id_number(1)[-1] != "1" else "2")
    load(row(身份证号=wrong), row(姓名=id_number(4)))
    shown = " ".join(f"{one.value} {one.sentence}" for one in ImportProblem.objects.all())
    assert wrong not in shown
    assert id_number(4) not in shown


def test_ragged_rows_and_trailing_blanks() -> None:
    content = csv_bytes(
        row("张三", 1), [*row("李四", 2, 2), "多出的一格"], row("王五", 3, 3)[:9], [""] * 10, ["　", " "]
    )
    book = run_import("legacy", content, "f.csv")
    assert (book.read, book.new, book.bad) == (3, 2, 1), "a missing last cell is an empty one; an extra one is refused"


@pytest.mark.parametrize(
    ("word", "number_category", "stored"),
    [
        ("主要负责人", "A", "A"),
        ("建筑施工企业项目负责人", "B", "B"),
        ("机械类专职安全生产管理人员", "C1", "C1"),
        ("土建类", "C2", "C2"),
        ("综合类专职安全生产管理人员", "C3", "C3"),
        ("专职安全员", "C1", "C1"),
        ("c2类", "C2", "C2"),
        ("", "C3", "C3"),
        ("土建类", "C", "C2"),
        ("专职安全生产管理人员", "C", "C"),
    ],
)
def test_categories_in_words(word: str, number_category: str, stored: str) -> None:
    load(row(category=number_category, 类别=word))
    assert LegacyCertificate.objects.get().category == stored


def test_divided_takes_the_more_exact_or_nothing() -> None:
    assert divided(None, "A") == "A"
    assert divided("C", "C2") == divided("C2", "C") == "C2"
    assert divided("C1", "C2") is None
    assert divided("C", "A") is None


def test_undivided_c_is_kept_with_a_note() -> None:
    book = load(row(category="C"))
    record = LegacyCertificate.objects.get()
    assert record.category == "C"
    assert "未分类C证" in record.extra
    assert any("未分类" in note.sentence for note in book.notes)


def test_numbers_of_other_provinces_are_kept_for_a_clerk() -> None:
    book = load(row(number="浙建安A（2024）0000001"))
    record = LegacyCertificate.objects.get()
    assert book.quarantined == 1
    assert (record.state, record.number_year, record.number_serial) == (LegacyState.QUARANTINED, None, None)
    assert "进赣换证" in record.quarantine_reason


def test_an_odd_code_of_the_enterprise_does_not_refuse_the_certificate() -> None:
    book = load(row(统一社会信用代码="360100110001234"))
    record = LegacyCertificate.objects.get()
    assert (book.new, book.bad, record.uscc) == (1, 0, "")
    assert "360100110001234" in record.extra.values()
    assert [note.column_title for note in book.notes] == ["统一社会信用代码", "企业名称"]


# --- duplicates ---


def test_the_same_file_twice_changes_nothing() -> None:
    rows = [row("张三", 1, 1), row("李四", 2, 2), row("王五", 3, 3, number="浙建安A（2024）0000003")]
    load(*rows)
    before = list(LegacyCertificate.objects.values_list("pk", "state"))
    again = load(*rows)
    assert (again.new, again.quarantined, again.known) == (0, 0, 3)
    assert list(LegacyCertificate.objects.values_list("pk", "state")) == before


def test_a_row_that_stands_twice_is_taken_in_once() -> None:
    book = load(row("张三", 1), row("张三", 1), row("张三", 1, 有效期止="2027年2月28日"))
    assert (book.new, book.known) == (1, 2)


@pytest.mark.parametrize("turned", [False, True])
def test_one_number_with_different_content_in_a_file_is_nobodys_guess(
    turned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever their order, and also where they fall into different batches."""
    monkeypatch.setattr(importing, "BATCH", 2)
    rows = [row("张三", 1, 1), row("李四", 2, 2), row("王五", 3, 3), row("张三", 1, 1, 有效期止="2026-02-28")]
    book = load(*(reversed(rows) if turned else rows))
    states = dict(LegacyCertificate.objects.values_list("row_number", "state"))
    assert (book.new, book.quarantined) == (2, 2)
    assert [states[number] for number in (2, 5)] == [LegacyState.QUARANTINED] * 2
    assert sentences(book)[0].startswith("同一文件中有编号相同")


def test_edge_20_two_people_with_one_id_number_are_quarantined() -> None:
    book = load(row("张三", 1, 1), row("李四", 1, 2), row("王五", 3, 3))
    assert (book.new, book.quarantined) == (1, 2)
    later = load(row("赵六", 3, 4))
    assert later.quarantined == 1
    assert "姓名不同" in sentences(later)[0]
    assert LegacyCertificate.objects.get(name="王五").state == LegacyState.UNMATCHED


def test_other_content_for_a_known_number_is_quarantined_and_changes_nothing() -> None:
    load(row("张三", 1, 1))
    book = load(row("张三", 1, 1, 有效期止="2026-02-28"))
    assert (book.new, book.quarantined) == (0, 1)
    assert LegacyCertificate.objects.filter(state=LegacyState.UNMATCHED).count() == 1


def test_a_discarded_record_does_not_stand_in_the_way() -> None:
    load(row("张三", 1, 1, 有效期止="2026-02-28"))
    LegacyCertificate.objects.update(state=LegacyState.DISCARDED)
    assert load(row("张三", 1, 1)).new == 1


def test_a_number_that_a_certificate_bears_is_quarantined() -> None:
    holder = person("张三", 1)
    Certificate.objects.create(
        number="赣建安A（2024）0000001",
        category="A",
        year=2024,
        serial=1,
        identifier_serial=1,
        person=holder,
        enterprise_name="江西甲建筑有限公司",
        post="02",
        first_issued_on=date(2024, 3, 1),
        ends_on=date(2027, 2, 28),
        origin=Origin.LATE_ENTRY,
    )
    book = load(row("张三", 1, 1))
    assert (book.quarantined, Certificate.objects.count()) == (1, 1)
    assert "已有证书" in sentences(book)[0]


# --- the run, its files, the command ---


def test_people_registered_already_are_matched_at_once() -> None:
    holder = person("张三", 1)
    person("李四", 2, registered=False)
    load(row("张三", 1, 1), row("李四", 2, 2))
    assert [one.person for one in Certificate.objects.all()] == [holder]
    assert LegacyCertificate.objects.get(name="李四").state == LegacyState.UNMATCHED


def test_counters_of_all_years_exist_after_an_import() -> None:
    load(row("张三", 1, 1, year=2011), row("李四", 2, 2, year=2012))
    assert list(NumberCounter.objects.values_list("year", "last")) == [(2011, 0), (2012, 0)]


def test_the_problem_file_can_be_corrected_and_uploaded_again() -> None:
    book = load(row("张三", 1, 1), row("李四", 2, 2, 有效期止="不详"))
    with EncryptedFileSystemStorage().open(book.run.problem_file) as stored:
        content = stored.read()
    assert b"\xe6\x9d\x8e\xe5\x9b\x9b" in content
    assert "张三".encode() not in content
    corrected = run_import("legacy", content.replace("不详".encode(), b"2027-02-28"), "改.csv")
    assert (corrected.new, corrected.bad) == (1, 0)
    assert [note.column_title for note in corrected.notes] == ["企业名称"]


def test_a_file_that_cannot_be_read_makes_a_failed_run_with_its_sentence() -> None:
    book = run_import("legacy", b"%PDF-1.7", "证书.csv")
    assert ImportRun.objects.get().state == ImportState.FAILED
    assert "PDF" in book.run.error


def test_xlsx_with_real_dates_and_numbers_stored_as_text() -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["证书台账"])
    sheet.append(HEADER)
    cells: list[object] = list(row("张三", 1, 1))
    cells[HEADER.index("有效期止")] = date(2027, 2, 28)
    cells[HEADER.index("有效期起")] = 45352
    sheet.append(cells)
    for _ in range(3):
        sheet.append([None, "", "  "])
    stream = io.BytesIO()
    workbook.save(stream)
    book = run_import("legacy", stream.getvalue(), "台账.xlsx")
    record = LegacyCertificate.objects.get()
    assert (book.read, book.new) == (1, 1)
    assert (record.valid_from, record.valid_to) == (date(2024, 3, 1), date(2027, 2, 28))


def test_a_file_saved_by_libreoffice() -> None:
    file = settings.ROOT / "tests" / "fixtures" / "libreoffice-legacy.xlsx"
    book = run_import("legacy", file, file.name)
    rows = LegacyCertificate.objects.order_by("row_number").values_list("row_number", "name", "number", "valid_to")
    assert (book.new, book.bad) == (3, 0)
    assert list(rows) == [
        (3, "张三", "赣建安A（2024）0000001", date(2027, 2, 28)),
        (4, "龚䶮", "赣建安B（2024）0000002", date(2027, 2, 28)),
        (5, "𠮷田𬭎", "赣建安C2（2024）0000003", date(2027, 2, 28)),
    ]


def test_command_reports_and_shows_progress_on_stderr(tmp_path: Path) -> None:
    out, err = StringIO(), StringIO()
    file = csv_file(tmp_path, row("张三", 1, 1), row("李四", 2, 2, 有效期止=""))
    with pytest.raises(CommandError, match="没有导入任何一行"):
        call_command("import_legacy", str(file), stdout=out, stderr=StringIO())
    assert "第 3 行 有效期止" in out.getvalue()
    assert not LegacyCertificate.objects.exists()
    out = StringIO()
    call_command("import_legacy", str(file), "--good-rows", "--by", "王科员", stdout=out, stderr=err)
    assert "新增 1" in out.getvalue()
    assert "第 3 行 有效期止" in out.getvalue()
    assert "已读取 2" in err.getvalue()
    assert ImportRun.objects.get(state=ImportState.DONE).by == "王科员"


def test_dry_run_leaves_nothing_behind(tmp_path: Path) -> None:
    person("张三", 1)
    out = StringIO()
    file = csv_file(tmp_path, row("张三", 1, 1), row("李四", 2, 2, 有效期止=""), row("王五", 1, 3))
    call_command("import_legacy", str(file), "--dry-run", stdout=out, stderr=StringIO())
    assert "试运行" in out.getvalue()
    assert "待人工核实 2" in out.getvalue()
    assert not ImportRun.objects.exists()
    assert not LegacyCertificate.objects.exists()
    assert not NumberCounter.objects.exists()


def test_command_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="找不到文件"):
        call_command("import_legacy", str(tmp_path / "none.csv"))


def test_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        load(*(row("张三", 1, serial, year=2010 + serial % 10) for serial in range(1, 200)))
