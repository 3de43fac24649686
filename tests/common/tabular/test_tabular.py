import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from common.tabular.cells import as_text, day, number, text
from common.tabular.column import REASON_TITLE, Column
from common.tabular.errors import TableError
from common.tabular.problem_file import write_problem_file
from common.tabular.row import Problem
from common.tabular.table import Table, read_table
from common.tabular.yes_no import yes_no
from common.text.id_number import normalise_id_number
from common.text.signs import INVISIBLE

FIXTURES = settings.ROOT / "tests" / "fixtures" / "tables"
FIRST, SECOND = "360102198503121012", "360102198503121020"
COLUMNS = [
    Column("name", "姓名", required=True),
    Column(
        "id_number",
        "身份证号",
        ("身份证号码", "公民身份号码", "证件号码"),
        required=True,
        parse=as_text(normalise_id_number),
        sensitive=True,
    ),
    Column("issued_on", "发证日期", parse=day),
    Column("ends_on", "有效期止", ("有效期至", "截止日期"), parse=day),
]
HEADER = "姓名,身份证号,发证日期,有效期止\n"
LINE = f"章示例,{FIRST},2019-04-01,2022-03-31\n"


def table(content: str | bytes, **options: int) -> Table:
    return read_table(content.encode() if isinstance(content, str) else content, "名单.csv", COLUMNS, **options)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one part changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return stream.getvalue()


# --- what is accepted ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_and_delimiters_are_recognised(encoding: str, delimiter: str, newline: str) -> None:
    content = (HEADER + LINE).replace(",", delimiter).replace("\n", newline).encode(encoding)
    [row] = table(content)
    assert row.problems == []
    assert row.values == {
        "name": "章示例",
        "id_number": FIRST,
        "issued_on": date(2019, 4, 1),
        "ends_on": date(2022, 3, 31),
    }


def test_rare_character_of_gb18030_survives() -> None:
    [row] = table((HEADER + LINE.replace("章示例", "李𬭊㛃")).encode("gb18030"))
    assert row.values["name"] == "李𬭊㛃"


def test_utf8_character_cut_by_a_reading_block_is_not_taken_for_gb18030() -> None:
    filler = "章" * 40
    lines = "".join(f"{filler},{FIRST},2019-04-01,\n" for _ in range(9_000))
    names = {row.values["name"] for row in table("\ufeff" + HEADER + lines)}
    assert names == {filler}


@pytest.mark.parametrize("above", range(5))
def test_header_is_found_within_the_first_five_rows(above: int) -> None:
    titles = "".join(f"标题{n},,,\n" for n in range(above))
    [row] = table(titles + HEADER + LINE)
    assert (row.number, row.values["name"]) == (above + 2, "章示例")


def test_header_in_the_sixth_row_is_too_late() -> None:
    with pytest.raises(TableError, match="前 5 行内没有找到表头"):
        table("标题,,,\n" * 5 + HEADER + LINE)


def test_columns_come_in_any_order_under_known_aliases() -> None:
    found = table(f"备注, 公 民 身份号码（必填）,*姓名：\n原件已核,{FIRST},章示例\n")
    [row] = found
    assert (row.values["name"], row.values["id_number"], row.values["ends_on"]) == ("章示例", FIRST, None)
    assert found.missing_columns == ["发证日期", "有效期止"]


def test_unknown_columns_are_reported_and_kept() -> None:
    found = table("姓名,备注,身份证号,,备注\n" + f"章示例,甲,{FIRST},乙,丙\n")
    assert list(found.unknown_columns) == ["备注", "备注（第5列）"]
    [row] = found
    assert row.raw == {"姓名": "章示例", "备注": "甲", "身份证号": FIRST, "（第4列）": "乙", "备注（第5列）": "丙"}


@pytest.mark.parametrize(
    "written",
    ["2019-04-01", "2019/4/1", "2019.4.1", "20190401", "2019年4月1日", "43556", "２０１９－４－１", " 2019-4-1\u3000"],
)
def test_dates_are_read_as_offices_write_them(written: str) -> None:
    [row] = table(HEADER + f"章示例,{FIRST},{written},\n")
    assert row.values["issued_on"] == date(2019, 4, 1)


def test_full_width_digits_and_blanks_are_made_plain() -> None:
    wide = FIRST.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    [row] = table(HEADER + f"\u3000章示例\u00a0,\u200b{wide},,\n")
    assert (row.values["name"], row.values["id_number"]) == ("章示例", FIRST)


def test_brackets_of_company_names_stay_full_width() -> None:
    [row] = read_table("企业名称\n江西（示例）公司\n".encode(), "a.csv", [Column("name", "企业名称")])
    assert row.values["name"] == "江西（示例）公司"


def test_blank_rows_are_ignored_and_numbers_stay_those_of_the_spreadsheet() -> None:
    found = table(HEADER + LINE + "\n,,,\n \u3000,,,\n" + LINE + ",,,\n\n\n")
    assert [row.number for row in found] == [2, 6]


def test_short_row_is_filled_up() -> None:
    [row] = table(HEADER + f"章示例,{FIRST}\n")
    assert row.problems == []
    assert row.raw["有效期止"] == ""


def test_rows_can_be_read_twice() -> None:
    found = table(HEADER + LINE * 3)
    assert len(list(found)) == len(list(found)) == 3


def test_large_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("w", encoding="gb18030") as stream:
        stream.write(HEADER)
        stream.writelines(f"章示例{n},{FIRST},2019-04-01,2022-03-31\n" for n in range(20_000))
    found = read_table(str(path), "big.csv", COLUMNS)
    assert sum(not row.problems for row in found) == 20_000


# --- bad rows ---


def test_every_fault_of_a_row_is_reported_and_good_rows_are_not_held_up() -> None:
    wrong = FIRST[:-1] + "3"
    rows = list(table(HEADER + LINE + f",{wrong},2019-02-30,\n" + LINE))
    assert [bool(row.problems) for row in rows] == [False, True, False]
    assert rows[1].problems == [
        Problem(3, "姓名", "", "此列为必填，不能为空。"),
        Problem(3, "身份证号", "360***********1013", "身份证号码有误：校验位不符，请对照身份证逐位核对。"),
        Problem(3, "发证日期", "2019-02-30", "日期不存在：2019-02-30"),
    ]
    assert rows[1].values["id_number"] is None


def test_id_number_in_a_wrong_column_is_masked_too() -> None:
    [row] = table(HEADER + f"章示例,{FIRST},{SECOND},\n")
    [problem] = row.problems
    assert problem.value_masked == "360***********1020"
    assert SECOND not in problem.sentence


def test_row_with_too_many_cells_is_reported() -> None:
    [first, second] = table(HEADER + f"章示例,{FIRST},2019-04-01,2022-03-31,多余\n" + LINE.replace("\n", ",,\n"))
    assert "本行有 5 列，表头只有 4 列" in first.problems[0].sentence
    assert second.problems == []


@pytest.mark.parametrize("value", ["3.60102E+17", "3.60102198503121E+17"])
def test_number_that_a_spreadsheet_rounded_is_explained(value: str) -> None:
    [row] = table(HEADER + f"章示例,{value},,\n")
    assert "末几位已经丢失" in row.problems[0].sentence


def test_formula_error_is_explained() -> None:
    [row] = table(HEADER + f"#N/A,{FIRST},,\n")
    assert "公式错误" in row.problems[0].sentence


def test_parser_that_raises_a_plain_error_gives_a_sentence() -> None:
    [row] = read_table("学时\n二十四\n".encode(), "a.csv", [Column("hours", "学时", parse=lambda cell: int(str(cell)))])
    assert row.problems[0].sentence == "“学时”填写的内容无法识别。"


def test_text_that_failed_once_fails_every_time() -> None:
    rows = list(table(HEADER + f"章示例,{FIRST},昨天,\n" * 3))
    assert [len(row.problems) for row in rows] == [1, 1, 1]


# --- files that cannot be read ---


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"\n\n \n", "空的"),
        ("甲,乙\n1,2\n".encode(), "没有找到表头：需要的列有姓名、身份证号"),
        (
            "姓名,备注\n章示例,无\n".encode(),
            "缺少必需的列：“身份证号”（也可写作身份证号码、公民身份号码、证件号码）。读到的表头是：姓名、备注",
        ),
        ("姓名,身份证号,姓名\n".encode(), "“姓名”列出现了 2 次（第 1、3 列）"),
        ("姓名,身份证号,证件号码\n".encode(), "“身份证号”列出现了 2 次"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (HEADER.encode() + b"a\0b,1,2,3\n", "空字节"),
        (HEADER.encode() + b"\xff\xff\xff,1,2,3\n", "编码无法识别"),
        (b"%PDF-1.7\n", "PDF 文件"),
        (b"\xff\xd8\xff\xe0", "图片"),
        (b"Rar!\x1a", "压缩包"),
        ("<html><table><tr><td>姓名".encode(), "网页格式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (b"PK\x03\x04garbage", "已损坏"),
    ],
)
def test_unreadable_file_gives_one_clear_sentence(content: bytes, words: str) -> None:
    with pytest.raises(TableError) as caught:
        list(table(content))
    assert words in str(caught.value)


@pytest.mark.parametrize("line", [f'"章示例,{FIRST},,\n', f'"章"示例,{FIRST},,\n', f"{'长' * 140_000},{FIRST},,\n"])
def test_malformed_csv_says_where(line: str) -> None:
    with pytest.raises(TableError, match=r"第 3 行附近的(引号不成对|单元格过长)"):
        list(table(HEADER + LINE + line + LINE))


def test_quoted_cells_may_hold_delimiters_and_line_ends() -> None:
    [row] = table('"姓名"\t"身份证号"\t"备注"\n' + f'"章示例"\t"{FIRST}"\t"一,\n二""三"""\n')
    assert row.raw["备注"] == '一,\n二"三"'
    assert row.problems == []


def test_row_limit_and_size_limit() -> None:
    assert len(list(table(HEADER + LINE * 3, max_rows=3))) == 3
    with pytest.raises(TableError, match="超过 2 行"):
        list(table(HEADER + LINE * 3, max_rows=2))
    with pytest.raises(TableError, match="最多 1 MB"):
        table(HEADER + LINE * 40_000, max_bytes=1_000_000)


# --- xlsx ---


def test_file_of_libreoffice_is_read() -> None:
    columns = [Column("number", "证书编号", ("证书号",), required=True), *COLUMNS]
    columns[4] = Column("ends_on", "有效期止", ("有效期至",), required=True, parse=day)
    with read_table(FIXTURES / "certificates.xlsx", "证书.xlsx", columns) as found:
        rows = list(found)
        assert list(found.unknown_columns) == ["单位名称", "备注"]
    assert [row.number for row in rows] == [4, 5, 6, 8]
    assert rows[0].values == {
        "number": "赣建安A（2019）0001234",
        "name": "章示例",
        "id_number": FIRST,
        "issued_on": date(2019, 4, 1),
        "ends_on": date(2022, 3, 31),
    }
    assert [[problem.column_title for problem in row.problems] for row in rows] == [[], [], ["身份证号"], ["有效期止"]]


def test_id_numbers_typed_as_numbers_are_explained() -> None:
    with read_table(FIXTURES / "id-numbers-as-numbers.xlsx", "a.xlsx", COLUMNS) as found:
        rows = list(found)
    assert len(rows) == 2
    for row in rows:
        assert "末几位已经丢失" in row.problems[0].sentence
        assert "1985" not in row.problems[0].value_masked


@pytest.mark.parametrize(("name", "words"), [("old-format.xls", "旧版 Excel"), ("open-document.ods", "ODF 表格")])
def test_other_formats_are_refused_by_name(name: str, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read_table(FIXTURES / name, name, COLUMNS)


def test_cells_of_every_type_are_read() -> None:
    content = workbook(
        ["姓名", "身份证号", "发证日期", "有效期止", "缺考"],
        [12345, FIRST, datetime(2019, 4, 1, 8, 30), 44651, True],
        [1.0, int(FIRST[:6] + FIRST[8:17]), "2019.4.1", "2022年3月31日", None],
    )
    first, second = table(content)
    assert first.values == {
        "name": "12345",
        "id_number": FIRST,
        "issued_on": date(2019, 4, 1),
        "ends_on": date(2022, 3, 31),
    }
    assert first.raw["缺考"] == "是"
    assert (second.values["name"], second.values["id_number"]) == ("1", FIRST)


def test_sheet_with_the_header_is_chosen_and_hidden_sheets_are_not_read() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["填写说明"])
    hidden = book.create_sheet("隐藏")
    hidden.sheet_state = "hidden"
    hidden.append(["姓名", "身份证号", "发证日期", "有效期止"])
    hidden.append(["旧名单", FIRST])
    shown = book.create_sheet("名单")
    shown.append(["姓名", "身份证号"])
    shown.append(["章示例", FIRST])
    [row] = table(saved(book))
    assert row.values["name"] == "章示例"


def test_wrong_dimension_does_not_cut_rows() -> None:
    content = workbook(["姓名", "身份证号"], ["章示例", FIRST], ["李样本", SECOND])
    wrong = with_part(content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1:A1"'))
    assert wrong != content
    assert len(list(table(wrong))) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml[: len(xml) // 2],
        lambda xml: b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>" + xml[xml.index(b"<worksheet") :],
        lambda xml: xml.replace(b'<row r="2"', b'<row r="2000000000"'),
        lambda xml: b"not xml",
    ],
    ids=["truncated", "entities", "row-beyond-the-last", "no-xml"],
)
def test_damaged_or_hostile_sheet_is_refused(change: Callable[[bytes], bytes]) -> None:
    content = workbook(["姓名", "身份证号"], ["章示例", FIRST])
    changed = with_part(content, "xl/worksheets/sheet1.xml", change)
    with pytest.raises(TableError, match="已损坏"):
        list(table(changed))


def test_workbook_that_unpacks_to_a_giant_is_refused_unread() -> None:
    content = workbook(["姓名", "身份证号"])
    bomb = with_part(content, "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 50_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(TableError, match="解压后过大"):
        table(bomb)


def test_archive_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(TableError, match="不是表格"):
        table(stream.getvalue())


# --- the report to correct ---


def bad_rows() -> Table:
    wrong = FIRST[:-1] + "3"
    return table("标题\n" + "姓名,身份证号,备注\n" + f"章示例,{FIRST},好\n" + f"=1+1,{wrong},@x\n" + f",{SECOND},\n")


def problems_of(found: Table) -> list[Problem]:
    return [problem for row in found for problem in row.problems]


def test_report_as_csv_holds_bad_rows_with_reasons_and_no_formula() -> None:
    content = write_problem_file(bad_rows(), problems_of(bad_rows()), "csv")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert content.startswith(b"\xef\xbb\xbf")
    assert rows[0] == ["姓名", "身份证号", "备注", REASON_TITLE]
    assert rows[1] == [
        "'=1+1",
        "360102198503121013\t",
        "'@x",
        "姓名：单元格是公式，没有计算结果：请用表格软件打开并保存，或粘贴为值。 身份证号：身份证号码有误：校验位不符，请对照身份证逐位核对。",
    ]
    assert rows[2] == ["", f"{SECOND}\t", "", "姓名：此列为必填，不能为空。"]
    assert len(rows) == 3


def test_report_as_xlsx_holds_text_only() -> None:
    content = write_problem_file(bad_rows(), problems_of(bad_rows()))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:3] == ["'=1+1", "360102198503121013", "'@x"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_corrected_report_can_be_uploaded_again(form: str) -> None:
    content = write_problem_file(bad_rows(), problems_of(bad_rows()), "csv" if form == "csv" else "xlsx")
    again = table(content)
    assert list(again.unknown_columns) == ["备注"]
    first, second = again
    assert first.values["name"] is None, "a formula is no name"
    assert first.raw == {
        "姓名": "=1+1",
        "身份证号": "360102198503121013",
        "备注": "@x",
        REASON_TITLE: first.raw[REASON_TITLE],
    }
    assert (second.values["name"], second.values["id_number"]) == (None, SECOND)
    once_more = write_problem_file(again, problems_of(again), "csv").decode("utf-8-sig")
    assert once_more.splitlines()[0].count(REASON_TITLE) == 1


def test_report_takes_problems_that_others_found() -> None:
    content = write_problem_file(table(HEADER + LINE * 2), [Problem(3, "", "", "文件中已有此人。")], "csv")
    assert content.decode("utf-8-sig").splitlines()[1:] == [f"章示例,{FIRST}\t,2019-04-01,2022-03-31,文件中已有此人。"]


cells = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp")), min_size=1, max_size=12
).filter(lambda text: not INVISIBLE.search(text))


@given(names=st.lists(cells, min_size=1, max_size=6), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_any_text_survives_writing_and_reading(names: list[str], encoding: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["姓名", "序号"], *([name, number] for number, name in enumerate(names))])
    found = read_table(stream.getvalue().encode(encoding), "a.csv", [Column("number", "序号"), Column("name", "姓名")])
    expected = [name[1:] if name[:1] == "'" and name[1:2] in tuple("=+-@") else name for name in names]
    digits = {0xFF10 + n: str(n) for n in range(10)}
    assert [row.raw["姓名"] for row in found] == [name.translate(digits) for name in expected]


# --- readers of cells ---


def test_readers_of_cells() -> None:
    assert text(24.0) == "24"
    assert text(date(2019, 4, 1)) == "2019-04-01"
    assert number("1,234.5") == Decimal("1234.5")
    assert number(59.5) == Decimal("59.5")
    assert [yes_no(word) for word in ("是", "y", 1, "否", 0, "×")] == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("read", "value"), [(number, "二十"), (number, "NaN"), (yes_no, "也许"), (text, 3.6e17), (text, 10**17)]
)
def test_readers_refuse_with_a_sentence(read: Callable[[object], object], value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        read(value)
    assert caught.value.messages[0].endswith("。")
