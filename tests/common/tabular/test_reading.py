"""Tables with what people and programs do to them: each is read as it looks in a spreadsheet, or refused with its cause."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import IllegalCharacterError

from common.dates import parse_date
from common.tabular.cells import DIGITS_LOST, as_text, day, number, text
from common.tabular.column import Column
from common.tabular.errors import TableError
from common.tabular.problem_file import write_problem_file
from common.tabular.row import Row
from common.tabular.table import Table, read_table
from common.tabular.yes_no import yes_no
from common.text.id_number import id_check_character, normalise_id_number

from .test_tabular import saved, with_part, workbook

SHEET = "xl/worksheets/sheet1.xml"
ID = "360102198503121012"
OTHER = "360102198503121020"
COLUMNS = [
    Column("name", "姓名", required=True),
    Column("id_number", "身份证号", parse=as_text(normalise_id_number), sensitive=True),
    Column("day", "日期", parse=day),
    Column("hours", "学时", parse=number),
    Column("note", "备注"),
    Column("code", "编号"),
]
TITLES = ["姓名", "身份证号", "日期", "学时", "备注", "编号"]
DATE = date(2019, 4, 1)


def rows_of(content: bytes) -> list[Row]:
    with read_table(content, "f", COLUMNS) as table:
        return list(table)


def only(**cells: object) -> Row:
    """The one row of a workbook with these cells."""
    known = {column.key: column.title for column in COLUMNS}
    [row] = rows_of(workbook(["姓名", *(known[key] for key in cells)], ["甲", *cells.values()]))
    return row


def only_csv(title: str, text: str) -> Row:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["姓名", title], ["甲", text]])
    [row] = rows_of(stream.getvalue().encode())
    return row


def said(row: Row) -> str:
    return "".join(problem.sentence for problem in row.problems)


def both(title: str, key: str, text: str) -> list[Row]:
    """The same text as csv and as a cell of a workbook."""
    return [only_csv(title, text), only(**{key: text})]


# --- B2, dates ---


@pytest.mark.parametrize("value", [2019, 2019.1, 2022.0, "2019", "2019.4", "2019.10", "2019年4月", 201904])
def test_reading_b2_a_year_in_a_date_column_is_refused(value: object) -> None:
    for row in [only(day=value), only_csv("日期", str(value))]:
        assert "只有年份／年月，请写到日，如 2019-04-01" in said(row)
        assert row.values["day"] is None


@pytest.mark.parametrize("value", [43556, 43556.75, "43556", datetime(2019, 4, 1, 8, 30), "2019、4、1"])
def test_reading_b2_day_numbers_and_dates_are_read(value: object) -> None:
    assert only(day=value).values["day"] == DATE


@pytest.mark.parametrize(
    "value", [datetime(1905, 7, 11), datetime(1905, 7, 16, 9), "1905-07-11", "1905/7/11", "1953-12-31"]
)
def test_reading_b2_a_year_that_a_spreadsheet_made_a_date_is_refused(value: object) -> None:
    assert "请写到日" in said(only(day=value))


@pytest.mark.parametrize("value", [61, 1899, 2101, 19_724, 73_416, 0.5, -1, 0])
def test_reading_b2_day_numbers_that_nobody_means_are_refused(value: float) -> None:
    assert only(day=value).problems


@pytest.mark.parametrize(
    ("style", "refused"),
    [
        ("yyyy", True),
        ('yyyy"年"m"月"', True),
        ("mmm-yy", True),
        ("yyyy/mm", True),
        ('m"月"d"日"', True),
        ("d-mmm", True),
        ('yyyy"年"m"月"d"日"', False),
        ("yyyy/m/d;@", False),
        ("[$-804]yyyy/m/d h:mm", False),
        ("General", False),
        ("0", False),
    ],
)
def test_reading_b2_a_date_that_the_sheet_shows_without_day_or_year_is_refused(style: str, refused: bool) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["姓名", "日期"])
    book.active.append(["甲", DATE])
    book.active["B2"].number_format = style
    [row] = rows_of(saved(book))
    assert (bool(row.problems), row.values["day"]) == (refused, None if refused else DATE)


@pytest.mark.parametrize("number_of_format", [57, 27, 58, 31, 14])
def test_reading_b2_formats_that_chinese_spreadsheets_know_by_number(number_of_format: int) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["姓名", "日期"])
    book.active.append(["甲", 43556])
    book.active["B2"].number_format = "0.00"
    content = with_part(
        saved(book), "xl/styles.xml", lambda xml: xml.replace(b'numFmtId="2"', b'numFmtId="%d"' % number_of_format)
    )
    [row] = rows_of(content)
    assert row.values["day"] == (DATE if number_of_format in (31, 14) else None)


# --- M1, numbers ---


@pytest.mark.parametrize(
    "value", ["8,5", "8，5", "2,4", "1,23", "12,3456", "0,500", "6e1", "6E1", "６ｅ１", "2.4e1", "90%", "８％"]
)
def test_reading_m1_numbers_that_may_be_something_else_are_refused(value: str) -> None:
    for row in both("学时", "hours", value):
        assert row.problems, value


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("1,234.5", "1234.5"),
        ("1，234", "1234"),
        ("８．５", "8.5"),
        ("24", "24"),
        ("-3", "-3"),
        ("12,345,678", "12345678"),
    ],
)
def test_reading_m1_plain_numbers_are_read(value: str, read: str) -> None:
    for row in both("学时", "hours", value):
        assert row.values["hours"] == Decimal(read)


@pytest.mark.parametrize("style", ["0%", "0.00%", "0.0 %", '"约"0%'])
def test_reading_m1_a_cell_shown_as_percentage_is_refused(style: str) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["姓名", "学时", "日期", "备注"])
    book.active.append(["甲", 0.9, 43556, 0.9])
    for cell in book.active[2][1:]:
        cell.number_format = style
    [row] = rows_of(saved(book))
    assert "百分数（90%）" in said(row)
    assert row.values["day"] is None
    assert row.values["note"] == "90%"


def test_reading_m1_a_number_is_read_as_it_is_shown() -> None:
    assert only(hours=59.300000000000004).values["hours"] == Decimal("59.3")


# --- M2, sheets ---


def sheets(**contents: Iterable[Sequence[object]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, content in contents.items():
        sheet = book.create_sheet(title)
        for cells in content:
            sheet.append(list(cells))
    return saved(book)


def test_reading_m2_every_sheet_whose_header_fits_is_read() -> None:
    content = sheets(
        说明=[["请按模板填写"]],
        一月=[["姓名", "身份证号"], ["甲", ID]],
        二月=[["一月份"], ["身份证号", "姓名", "日期"], [OTHER, "乙", "2019-04-01"], [OTHER, None, "昨天"]],
        空=[],
        人数=[["合计", "人数"], ["共", 3]],
    )
    with read_table(content, "f.xlsx", COLUMNS) as table:
        rows = list(table)
        problems = [table.placed(problem) for row in rows for problem in row.problems]
        report = write_problem_file(table, [problem for row in rows for problem in row.problems])
    assert [(row.values["name"], row.place) for row in rows] == [
        ("甲", "工作表“一月”第 2 行"),
        ("乙", "工作表“二月”第 3 行"),
        (None, "工作表“二月”第 4 行"),
    ]
    assert len({row.number for row in rows}) == 3
    assert [(one.row_number, one.column_title) for one in problems] == [(4, "二月：姓名"), (4, "二月：日期")]
    assert [name for name, _ in table.unread_sheets] == ["说明", "人数"]
    [bad] = rows_of(report)
    assert bad.raw | {"错误原因": ""} == {"姓名": "", "身份证号": OTHER, "日期": "昨天", "错误原因": ""}


def test_reading_m2_a_sheet_without_a_needed_column_is_named() -> None:
    content = sheets(甲=[["姓名"], ["甲"]], 乙=[["身份证号", "日期"], [ID, "2019-04-01"]])
    with read_table(content, "f.xlsx", COLUMNS) as table:
        assert [row.values["name"] for row in table] == ["甲"]
        [(name, reason)] = table.unread_sheets
    assert (name, "缺少必需的列：“姓名”" in reason) == ("乙", True)


# --- M3, merged cells ---


def merged(*ranges: str, rows: Sequence[Sequence[object]]) -> list[Row]:
    book = Workbook()
    assert book.active is not None
    for cells in rows:
        book.active.append(list(cells))
    for one in ranges:
        book.active.merge_cells(one)
    return rows_of(saved(book))


def test_reading_m3_a_value_merged_downwards_is_that_of_every_row() -> None:
    table = [["姓名", "备注", "日期"], ["甲", "江西甲公司", 43556], ["乙", None, None], ["丙", None, "2020-01-01"]]
    rows = merged("B2:B4", "C2:C3", rows=table)
    assert [row.values["note"] for row in rows] == ["江西甲公司"] * 3
    assert [row.values["day"] for row in rows] == [DATE, DATE, date(2020, 1, 1)]


def test_reading_m3_rows_with_nothing_but_a_merged_value_are_blank() -> None:
    assert len(merged("B2:B9", rows=[["姓名", "备注"], ["甲", "江西甲公司"], ["乙", None], [None, None]])) == 2


def test_reading_m3_a_value_merged_across_columns_is_refused() -> None:
    rows = merged(
        "B2:C2", "B3:C4", rows=[["姓名", "备注", "编号"], ["甲", "是", None], ["乙", "否", None], ["丙", None, None]]
    )
    assert [[problem.column_title for problem in row.problems] for row in rows] == [["编号"]] * 3
    assert "合并" in said(rows[0])


def test_reading_m3_unknown_columns_may_be_merged_with_a_known_one() -> None:
    [row] = merged("A1:B1", "A2:B2", rows=[["姓名", None, "备注"], ["甲", None, "好"]])
    assert (row.values["name"], row.problems) == ("甲", [])


def test_reading_m3_titles_merged_over_two_rows_fill_no_row() -> None:
    table = [["名单", None], ["姓名", "备注"], [None, None], ["甲", "好"]]
    [row] = merged("A1:B1", "A2:A3", "B2:B3", rows=table)
    assert (row.number, row.values["name"], row.values["note"]) == (4, "甲", "好")


# --- M4, formulas ---


def with_cells(*cells: str, calculates: bool = False) -> bytes:
    """A row of raw XML below a header."""
    row = "".join(cells).encode()
    content = with_part(
        workbook(["姓名", "日期", "学时", "备注"]),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", b'<row r="2">' + row + b"</row></sheetData>"),
    )
    return with_part(
        content, "xl/workbook.xml", lambda xml: xml if calculates else xml.replace(b'fullCalcOnLoad="1"', b"")
    )


NAME_CELL = '<c r="A2" t="inlineStr"><is><t>甲</t></is></c>'


@pytest.mark.parametrize(
    "cell",
    ['<c r="{}2"><f>G3-1095</f></c>', '<c r="{}2"><f>G3</f><v></v></c>', '<c r="{}2" t="str"><f>"a"&amp;"b"</f></c>'],
)
def test_reading_m4_a_formula_without_a_result_is_refused(cell: str) -> None:
    for column in "BCD":
        [row] = rows_of(with_cells(NAME_CELL, cell.format(column)))
        assert "单元格是公式，没有计算结果" in said(row)
    [row] = rows_of(with_cells(cell.format("A")))
    assert "单元格是公式，没有计算结果" in said(row)


def test_reading_m4_results_of_formulas_are_read() -> None:
    cells = [
        '<c r="B2"><f>G3</f><v>43556</v></c>',
        '<c r="C2"><f>0</f><v>0</v></c>',
        '<c r="D2" t="str"><f>""</f><v></v></c>',
    ]
    [row] = rows_of(with_cells(NAME_CELL, *cells))
    assert (row.values, row.problems) == (row.values | {"day": DATE, "hours": Decimal(0), "note": None}, [])


def test_reading_m4_a_zero_that_waits_for_its_calculation_is_no_result() -> None:
    [row] = rows_of(with_cells(NAME_CELL, '<c r="C2"><f>SUM(A1)</f><v>0</v></c>', calculates=True))
    assert "单元格是公式，没有计算结果" in said(row)


@pytest.mark.parametrize("text", ["=A1", "=A1&B1", "＝SUM(1)", "=1+1"])
def test_reading_m4_the_text_of_a_formula_is_no_content(text: str) -> None:
    assert "单元格是公式" in said(only_csv("备注", text))


# --- M5, escapes and line breaks ---


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("江西试验_x000D_\n建设公司", "江西试验建设公司"),
        ("江西试验_x000d_建设公司", "江西试验建设公司"),
        ("江西试验\r\n 建设公司", "江西试验建设公司"),
        ("ABC_x000A_DEF", "ABC DEF"),
        ("_x005F_x000D_", "_x000D_"),
        ("甲_x0020_乙", "甲 乙"),
        ("_x000D_", None),
        ("a_x1_b", "a_x1_b"),
    ],
)
def test_reading_m5_escapes_and_line_breaks(text: str, read: str | None) -> None:
    for row in both("备注", "note", text):
        assert (row.values["note"], row.problems) == (read, [])


@pytest.mark.parametrize("text", ["甲_x0000_乙", "甲_x0007_", "甲_xD800_乙", "甲\ufffd", "甲_xFFFF_"])
def test_reading_m5_characters_that_cannot_be_shown_are_refused(text: str) -> None:
    for row in both("备注", "note", text):
        assert "控制字符" in said(row)


# --- M6, m7: guards and lost digits ---


@pytest.mark.parametrize(
    "guard", ['="{}"', '"=""{}"""', "'{}", "'{}'", "`{}", "’{}", "＇{}", '= "{}"', '\'="{}"', '=" {} "', "\t{}"]
)
def test_reading_m6_guards_are_taken_off(guard: str) -> None:
    for title, key, plain, read in [
        ("身份证号", "id_number", ID, ID),
        ("日期", "day", "2019-04-01", DATE),
        ("学时", "hours", "24", Decimal(24)),
        ("编号", "code", "3601021901010101", "3601021901010101"),
    ]:
        guarded = guard.format(plain)
        content = f"姓名,{title}\n甲,{guarded}\n" if '""' in guard else None
        row = rows_of(content.encode())[0] if content else only_csv(title, guarded)
        assert (row.values[key], row.problems) == (read, [])


@pytest.mark.parametrize(
    "value",
    [
        "3.60102201901011E17",
        "3.60102201901011E+17",
        "3.6e17",
        "3.6E+17",
        "３.６Ｅ17",
        "3,6E+17",
        "3E17",
        "3.6 E+17",
        3.6e17,
        10**15,
    ],
)
def test_reading_m6_rounded_numbers_have_lost_digits(value: object) -> None:
    rows = [only(code=value), *([only_csv("编号", value)] if isinstance(value, str) else [])]
    for row in rows:
        assert (said(row), row.values["code"]) == (DIGITS_LOST, None)


@pytest.mark.parametrize(
    ("code", "read"), [("13800000000.0", "13800000000"), ("1.0", "1.0"), ("3601021901010101.0", None)]
)
def test_reading_m6_a_long_number_written_as_a_measure(code: str, read: str | None) -> None:
    row = only_csv("编号", code)
    assert (row.values["code"], said(row)) == (read, "" if read else DIGITS_LOST)


@pytest.mark.parametrize("code", ["2E10", "E12", "1E5", "SE2019", "赣E17", "3601021901010100"])
def test_reading_m6_codes_with_letters_stay(code: str) -> None:
    assert only_csv("编号", code).values["code"] == code


def ids(*numbers: str) -> list[Row]:
    return rows_of(("姓名,身份证号\n" + "".join(f"甲,{one}\n" for one in numbers)).encode())


def id_ending_in_000() -> str:
    """Right by chance."""
    bodies = (f"360102198{serial:05d}000"[:15] + "00" for serial in range(50101, 51231))
    for body in bodies:
        try:
            return normalise_id_number(body + "0") if id_check_character(body) == "0" else ""[1]
        except (ValidationError, IndexError):
            continue
    raise AssertionError


def test_reading_m7_numbers_that_end_in_000_have_lost_digits() -> None:
    whole = id_ending_in_000()
    for row in ids("360102199002031000", "360102199101011000", whole):
        assert "末几位已经丢失" in said(row)
    assert ids("'" + whole)[0].values["id_number"] == whole
    assert [row.problems for row in ids(*[ID, OTHER] * 10, whole)] == [[]] * 21


# --- M8, 1904 ---


def test_reading_m8_day_numbers_of_1904_are_counted_from_there() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    for cells in (
        ["姓名", "日期", "学时", "备注"],
        ["甲", 42094, 85, 5],
        ["乙", DATE, 0.5, "x"],
        ["丙", 2019, 1, None],
        ["丁", 20190401, 1, None],
    ):
        book.active.append(cells)
    first, second, third, fourth = rows_of(saved(book))
    assert (first.values["day"], first.values["hours"], first.values["note"]) == (DATE, Decimal(85), "5")
    assert (second.values["day"], second.values["hours"]) == (DATE, Decimal("0.5"))
    assert "只有年份" in said(third)
    assert fourth.values["day"] == DATE


def test_reading_m8_the_report_of_such_a_workbook_writes_its_days_out() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    for cells in (["姓名", "日期", "学时"], ["甲", 42094, "无"]):
        book.active.append(cells)
    with read_table(saved(book), "f.xlsx", COLUMNS) as table:
        report = write_problem_file(table, [problem for row in table for problem in row.problems])
    [row] = rows_of(report)
    assert row.values["day"] == DATE


# --- m2, whole files ---


def archive(*names: str, encrypted: bool = False) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, "<a/>")
    content = stream.getvalue()
    if encrypted:  # the bit in both headers of the first entry
        content = bytearray(content)  # type: ignore[assignment]
        content[6] |= 1  # type: ignore[index]
        content[content.index(b"PK\x01\x02") + 8] |= 1  # type: ignore[index]
    return bytes(content)


def renamed(content: bytes, old: str, new: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as made:
        for name in source.namelist():
            made.writestr(name.replace(old, new), source.read(name).replace(old.encode(), new.encode()))
    return stream.getvalue()


PLAIN = workbook(["姓名"], ["甲"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            with_part(
                PLAIN,
                "xl/workbook.xml",
                lambda xml: xml.replace(
                    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
                ),
            ),
            "Strict Open XML",
        ),
        ('姓名,备注\n甲,好\n乙,"江"西\n'.encode(), "第 3 行附近的引号不成对"),
        ('姓名,备注\n甲,"江西\n乙,好\n'.encode(), "第 2 行附近的引号不成对"),
        ('"姓"名,备注\n甲,好\n'.encode(), "第 1 行附近的引号不成对"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "XML 表格 2003"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML 表格 2003"),
        (b"\x09\x08\x08\x00\x00\x05\x10\x00" + bytes(50), "Excel 95"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(50), "Excel 95"),
        ("姓名，身份证号，备注\n甲，1，好\n".encode(), "全角逗号"),
        ("姓名、备注\n甲、好\n".encode("gb18030"), "顿号"),
        ("姓名|备注\n甲|好\n".encode(), "竖线"),
        (archive("a.txt", encrypted=True), "密码"),
        (archive("a.csv"), "压缩包"),
        (archive("[Content_Types].xml", "word/document.xml"), "Word"),
        (archive("OFD.xml"), "OFD"),
        (archive("[Content_Types].xml", "xl\\workbook.xml"), "不是标准的 Excel 表格"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "Word"),
        ("姓名,备注\n甲,1\n".encode("utf-16-le"), "UTF-16"),
        (b"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "网页"),
    ],
)
def test_reading_m2_small_the_cause_is_named(content: bytes, words: str) -> None:
    with pytest.raises(TableError) as caught:
        rows_of(content)
    assert words in str(caught.value)


def test_reading_m2_small_a_workbook_part_of_another_name_is_read() -> None:
    [row] = rows_of(renamed(PLAIN, "workbook.xml", "workbook2.xml"))
    assert row.values["name"] == "甲"


# --- anything at all ---

EVERY = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
READERS = [
    Column("name", "姓名", parse=text),
    Column("day", "日期", parse=day),
    Column("hours", "学时", parse=number),
    Column("yes", "是否", parse=yes_no),
]
HEAD = "姓名,日期,学时,是否\n".encode()


def read_or_refused(content: bytes) -> Table | None:
    try:
        table = read_table(content, "f", READERS)
        list(table)
    except TableError:
        return None
    return table


@EVERY
@given(st.binary(max_size=2000), st.sampled_from([b"", HEAD, b"PK\x03\x04", PLAIN[:400], "姓名\n".encode()]))
def test_any_bytes_are_a_table_or_refused(content: bytes, head: bytes) -> None:
    read_or_refused(head + content)


@EVERY
@given(st.integers(0, len(PLAIN) - 1), st.integers(0, 255), st.integers(1, 40))
def test_a_workbook_with_changed_bytes_is_a_table_or_refused(place: int, byte: int, length: int) -> None:
    read_or_refused(PLAIN[:place] + bytes([byte]) * length + PLAIN[place + length :])


ANY_CELL = st.one_of(
    st.text(max_size=20),
    st.from_regex(r"[0-9.,eE+%年月日/-]{1,12}", fullmatch=True),
    st.sampled_from(["是", "否", "2019", "8,5", "='x'", '="1"', "_x000D_", "'2019-04-01", "1E17", "——"]),
)


@EVERY
@given(st.lists(st.tuples(ANY_CELL, ANY_CELL, ANY_CELL, ANY_CELL), max_size=5))
def test_what_is_read_from_any_text_is_read_again_from_its_own_print(rows: list[tuple[str, ...]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    table = read_or_refused(HEAD + stream.getvalue().encode("utf-8", "ignore"))
    for row in table or ():
        values = row.values
        if (name := values["name"]) is not None:
            assert "\0" not in str(name)
            str(name).encode()
        if (found := values["day"]) is not None:
            assert isinstance(found, date)
            assert parse_date(found.isoformat()) == found
            assert 1954 <= found.year <= 2100
        if (hours := values["hours"]) is not None:
            assert number(f"{hours:f}") == hours


@EVERY
@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.datetimes(), st.dates(), st.text(max_size=10)))
def test_any_cell_of_a_workbook_is_read_or_refused(value: object) -> None:
    try:
        content = workbook(["姓名", "日期", "学时", "是否"], ["甲", value, value, value])
    except (ValueError, IllegalCharacterError):  # openpyxl writes no such cell
        return
    [row] = read_or_refused(content) or ()
    found = row.values["day"]
    assert found is None or (isinstance(found, date) and 1954 <= found.year <= 2100)
