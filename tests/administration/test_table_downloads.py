"""Long lists as tables: a spreadsheet reads what was streamed, however long, and memory does not grow with the rows."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook

from administration import table_downloads
from administration.table_downloads import table_file, table_to_save
from common.tabular.text_workbook import PIECE, text_workbook_pieces, write_text_workbook

TITLES = [f"列{number}" for number in range(1, 11)]
MANY = 12_000
MOST_MEMORY = 3_000_000
"""Bytes. The rows of the list below are more than four times as many."""


def lines(count: int) -> Iterator[list[str]]:
    for number in range(count):
        yield [f"赣建安C2（2024）{number:07d}", "=张*", "江西赣江建设有限公司<&>", *([f"{number:012d}"] * 7)]


def test_a_long_list_goes_out_as_xlsx_in_pieces_and_reads_whole() -> None:
    answer = table_to_save(TITLES, lines(MANY), name="cases", sheet="办件", form="xlsx")
    pieces = [bytes(piece) for piece in answer]
    assert len(pieces) > 2
    assert max(map(len, pieces)) < 2 * PIECE
    sheet = load_workbook(io.BytesIO(b"".join(pieces)), read_only=True).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(TITLES)
    assert len(rows) == MANY + 1
    assert rows[-1][:4] == ("赣建安C2（2024）0011999", "'=张*", "江西赣江建设有限公司<&>", "000000011999")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_rows(form: str) -> None:
    for piece in table_to_save(TITLES, lines(10), name="cases", sheet="办件", form=form):
        assert piece
    tracemalloc.start()
    try:
        size = sum(len(piece) for piece in table_to_save(TITLES, lines(MANY), name="a", sheet="办件", form=form))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 200_000
    assert peak < MOST_MEMORY


def test_the_first_piece_comes_before_the_list_is_read() -> None:
    read = []

    def noted() -> Iterator[list[str]]:
        for number, line in enumerate(lines(MANY)):
            read.append(number)
            yield line

    pieces = iter(table_to_save(TITLES, noted(), name="cases", sheet="办件", form="xlsx"))
    next(pieces)
    assert 0 < len(read) < MANY


@pytest.mark.parametrize(("form", "words"), [("csv", "请缩小范围后再导出"), ("xlsx", "请缩小范围后再导出")])
def test_what_is_left_out_is_told(monkeypatch: pytest.MonkeyPatch, form: str, words: str) -> None:
    monkeypatch.setattr(table_downloads, "MOST_ROWS", 2)
    rows = read(b"".join(table_to_save(["一", "二"], [["1", "2"]] * 3, name="a", sheet="表", form=form)), form)
    assert rows[1:3] == [["1", "2"], ["1", "2"]]
    assert rows[3][0] == f"只导出前 2 行，{words}。"
    exactly = read(b"".join(table_to_save(["一"], [["1"]] * 2, name="a", sheet="表", form=form)), form)
    assert exactly == [["一"], ["1"], ["1"]]


def test_a_sheet_that_is_full_leads_to_the_csv_that_holds_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_downloads, "MOST_ROWS_OF_XLSX", 2)
    answer = table_to_save(["一"], [["1"]] * 3, name="a", sheet="表", form="xlsx", most_of_csv=3)
    assert read(b"".join(answer), "xlsx")[-1] == ["只导出前 2 行，更多的请导出 csv。"]
    answer = table_to_save(["一"], [["1"]] * 3, name="a", sheet="表", form="csv", most_of_csv=3)
    assert len(read(b"".join(answer), "csv")) == 4


def read(content: bytes, form: str) -> list[list[object]]:
    if form == "csv":
        return [list(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))]
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_a_file_to_keep_is_marked_and_stays_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_downloads, "MOST_ROWS_OF_A_FILE", 2)
    book = load_workbook(io.BytesIO(table_file(["一"], [["1"]] * 3, sheet="清单", form="xlsx", mark="第1号&张")))
    sheet = book.active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == [
        "第1号&张",
        "一",
        "1",
        "1",
        "只导出前 2 行，请缩小范围后再导出。",
    ]
    assert sheet.oddFooter.center.text == "第1号＆张"
    assert sheet.freeze_panes == "A3"


def test_cells_are_text_to_a_spreadsheet_whatever_stands_in_them() -> None:
    texts = ["00012", "1E5", " 前后 ", "<b>&\"'", "坏\x01字\x0b", "多\n行", "𠮷" * 3, ""]
    sheet = load_workbook(io.BytesIO(write_text_workbook([texts], name="有<误>", widths=[9]))).active
    assert sheet.title == "有<误>"
    cells = next(sheet.iter_rows())
    assert [cell.value or "" for cell in cells] == [
        *texts[:4],
        "坏字",
        "多\n行",
        "𠮷𠮷𠮷",
        "",
    ]
    assert {cell.number_format for cell in cells} == {"@"}
    assert {cell.data_type for cell in cells if cell.value} == {"s"}


def test_a_list_that_breaks_off_leaves_no_workbook_that_opens() -> None:
    def broken() -> Iterator[list[str]]:
        yield ["1"]
        raise OSError("the database is gone")

    pieces: list[bytes] = []
    with pytest.raises(OSError, match="the database is gone"):
        pieces.extend(text_workbook_pieces(broken(), name="表"))
    assert b"".join(pieces) == b""


def test_a_wide_table_has_its_columns_in_their_order() -> None:
    titles = [str(number) for number in range(1, 801)]
    sheet = load_workbook(io.BytesIO(write_text_workbook([titles], name="宽"))).active
    assert [cell.value for cell in next(sheet.iter_rows())] == titles
    assert sheet.cell(1, 703).coordinate == "AAA1"
