"""What is mended in one column is mended in every column of its kind, whichever importer has it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from openpyxl import Workbook

from accounts.people.columns import parse_id_number, parse_name
from administration.enums import OfficeKind
from administration.imports.services import IMPORTERS, Importer, run_import
from administration.models import Office
from common.tabular.cells import DIGITS_LOST, day
from common.tabular.column import Column
from common.tabular.table import read_table
from tests.factories import make_id_number, make_office
from training.models import TrainingRecord

pytestmark = pytest.mark.django_db
COMPANY = "江西试验建设有限公司"
ORGANISATIONS = {"企业名称", "曾用名", "培训机构", ("offices", "名称")}
NUMBERS = {"成绩", "能力考核", "学时"}
CODES = {"项目编号", "注册编号", "准考证号"}


def columns_of(*titles: object) -> list[pytest.param]:  # type: ignore[valid-type]
    return [
        pytest.param(importer, column, id=f"{importer.kind}-{column.key}")
        for importer in IMPORTERS
        for column in importer.columns
        if column.title in titles or (importer.kind, column.title) in titles or column.parse in titles
    ]


def as_csv(cells: list[list[object]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(cells)
    return stream.getvalue().encode()


def as_workbook(cells: list[list[object]], style: str = "General") -> bytes:
    book, stream = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in cells:
        book.active.append(row)
    for line in book.active.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # A text that begins with = is no formula here.
    book.active["A2"].number_format = style
    book.save(stream)
    return stream.getvalue()


def read(importer: Importer, column: Column, value: object, style: str = "") -> Iterator[tuple[object, str]]:
    """Answers value and sentences of the column: from a csv unless the cell has a style, and from a workbook."""
    others = [one.title for one in importer.columns if one.required and one is not column]
    cells = [[column.title, *others], [value, *("" for _ in others)], ["甲", *("甲" for _ in others)]]
    writers = [partial(as_workbook, style=style)] if style else [as_csv, as_workbook]
    for write in writers:
        with read_table(write(cells), "f", importer.columns) as table:
            row = next(iter(table))
            said = "".join(one.sentence for one in row.problems if one.column_title == column.title)
            yield row.values[column.key], said


@pytest.mark.parametrize(("importer", "column"), columns_of(day))
def test_reading_b2_every_column_of_days_wants_a_day(importer: Importer, column: Column) -> None:
    for wrong in ("2019.10", "2022", 2019, 2019.1, "2019年4月", "2019-04", "1905-07-11"):
        for value, said in read(importer, column, wrong):
            assert value is None
            assert "请写到日" in said, wrong
    for right in ("2019-04-01", '="2019-04-01"', "'2019-04-01", "2019、4、1", 43556, "43556"):
        assert [value for value, _ in read(importer, column, right)] == [date(2019, 4, 1)] * 2, right


@pytest.mark.parametrize(("importer", "column"), columns_of(*NUMBERS))
def test_reading_m1_every_column_of_numbers_refuses_odd_notations(importer: Importer, column: Column) -> None:
    for wrong in ("8,5", "8，5", "6e1", "6E+1", "90%", "90％", "8;5", "八十"):
        assert all(value is None and said for value, said in read(importer, column, wrong)), wrong
    assert all(value is None and said for value, said in read(importer, column, 0.9, "0%"))
    for right in ("85.5", "８５．５", '="85.5"', "'85.5", 85.5):
        assert [value for value, _ in read(importer, column, right)] == [Decimal("85.5")] * 2, right


@pytest.mark.parametrize(("importer", "column"), columns_of(parse_name))
def test_reading_m7_every_column_of_names_has_one_spelling(importer: Importer, column: Column) -> None:
    for spelled in ("王⼩明", "王小明\U000e0100", "王\ufe0e小明", "\u200e王小明", "王 小　明", '="王小明"', "'王小明"):
        assert [value for value, _ in read(importer, column, spelled)] == ["王小明"] * 2, spelled


@pytest.mark.parametrize(("importer", "column"), columns_of(*ORGANISATIONS))
def test_reading_m5_every_column_of_organisations_has_one_spelling(importer: Importer, column: Column) -> None:
    spellings = [
        "江西试验 建设有限公司", "江西试验\n建设有限公司", "江西试验_x000D_\n建设有限公司", f'="{COMPANY}"', f"'{COMPANY}",
        "江⻄试验建设有限公司", "江西试验\u200b建设有限公司", "江西试验\ufe0f建设有限公司", "  江西试验建设有限公司　",
    ]  # fmt: skip
    for spelled in spellings:
        assert [value for value, _ in read(importer, column, spelled)] == [COMPANY] * 2, spelled
    for nothing in ("——", "（）", "。。"):
        assert all(value is None and said for value, said in read(importer, column, nothing)), nothing


@pytest.mark.parametrize(("importer", "column"), columns_of(*CODES))
def test_reading_m6_every_column_of_codes_takes_guards_off(importer: Importer, column: Column) -> None:
    for guarded in ('="3601021901010101"', "'3601021901010101", "`3601021901010101", "3601021901010101"):
        assert [value for value, _ in read(importer, column, guarded)] == ["3601021901010101"] * 2, guarded
    for lost in ("3.60102201901011E17", "3.60102E+17", 360102201901011000):
        assert all(value is None and DIGITS_LOST in said for value, said in read(importer, column, lost)), lost


@pytest.mark.parametrize(("importer", "column"), columns_of(parse_id_number))
def test_reading_m6_every_column_of_id_numbers_tells_lost_digits(importer: Importer, column: Column) -> None:
    for lost in ("3.60102E+17", "3.60102199002031E17", 360102199002031000):
        assert all(value is None and DIGITS_LOST in said for value, said in read(importer, column, lost)), lost


def test_reading_m6_every_column_with_an_id_number_is_read_by_the_one_reader() -> None:
    sensitive = [column for importer in IMPORTERS for column in importer.columns if column.sensitive]
    assert {column.parse for column in sensitive} == {parse_id_number}


def test_reading_m5_a_stray_sign_makes_no_second_office() -> None:
    """An office may be registered in another spelling than the one that files are given."""
    head = "名称,类别,区划代码,地址"
    make_office("南昌市住建局(本级)", region="360100")
    book = run_import("offices", f"{head}\n南昌市 住建局（本级）,地市,360100,新楼".encode(), "f.csv")
    assert (book.new, book.changed) == (0, 1)
    assert [office.name for office in Office.objects.filter(region="360100")] == ["南昌市住建局(本级)"]


def test_reading_m5_a_stray_sign_counts_no_hours_twice() -> None:
    office = make_office("江西建设培训中心(东)", kind=OfficeKind.TRAINING)
    head = "姓名,身份证号,培训机构,课程,学时,开始日期,结束日期"
    line = f"葛花一,{make_id_number(3)},{{}},安全法规,24,2024-03-01,2024-03-05"
    names = ["江西建设培训中心（东）", "江西建设 培训中心(东)", "江⻄建设培训中心（东）"]
    counts = [run_import("training", f"{head}\n{line.format(name)}".encode(), "f.csv").new for name in names]
    assert counts == [1, 0, 0]
    again = run_import(
        "training",
        f"{head}\n{line.format(names[0]).replace('安全', '安⼀全').replace('2024-03', '2024-04')}".encode(),
        "f.csv",
    )
    assert again.new == 1
    assert TrainingRecord.objects.filter(institution=office, institution_name=office.name).count() == 2
    assert TrainingRecord.objects.filter(course="安一全法规").exists()
