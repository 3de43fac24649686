"""Tables that are built to cost much, to reach other files or to run in a spreadsheet: each is refused or read within seconds."""

from __future__ import annotations

import io
import resource
import time
import zipfile
from collections.abc import Callable
from csv import reader as csv_reader
from csv import writer as csv_writer
from typing import Literal

import pytest
from openpyxl import load_workbook

from common.tabular.cells import number
from common.tabular.column import Column
from common.tabular.errors import TableError
from common.tabular.problem_file import write_problem_file
from common.tabular.table import read_table
from tests.attack.conftest import slowness
from tests.common.tabular.test_tabular import with_part, workbook

COLUMNS = [Column("name", "姓名", required=True), Column("note", "备注"), Column("hours", "学时", parse=number)]
HEADER = ["姓名", "备注", "学时"]
CPU_SECONDS = 10.0
"""The worker reads these files, which only staff can send; the merged ranges cost 7 seconds, the others 2 at most."""
GROWTH_MB = 200
SHEET = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"
MB = 1024 * 1024

LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)


def sheet(change: Callable[[bytes], bytes], part: str = SHEET) -> bytes:
    return with_part(workbook(HEADER, ["章示例", "好", 3]), part, change)


def after_declaration(xml: bytes, declaration: bytes) -> bytes:
    at = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    return xml[:at] + declaration + xml[at:]


def with_type(declaration: bytes, part: str = SHEET, reference: bytes = b"") -> bytes:
    """A part with a document type, and with a reference to what it declares."""
    return sheet(
        lambda xml: after_declaration(xml, declaration).replace(b"<sheetData>", b"<sheetData>" + reference), part
    )


def before_rows(content: bytes) -> bytes:
    return sheet(lambda xml: xml.replace(b"<sheetData>", content + b"<sheetData>"))


def behind_rows(content: bytes) -> bytes:
    return sheet(lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + content))


def in_rows(rows: bytes) -> bytes:
    return sheet(lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))


def overlapping() -> bytes:
    """Some 90,000 ranges that all begin in the third row, above 5,000 rows."""
    rows = b"".join(b'<row r="%d"><c r="C%d"><v>1</v></c></row>' % (place, place) for place in range(3, 5_003))
    ranges = b"".join(b'<mergeCell ref="A3:B%d"/>' % place for place in range(5_003, 95_000))
    return sheet(
        lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData><mergeCells>" + ranges + b"</mergeCells>")
    )


def cell(content: bytes, attributes: bytes = b't="inlineStr"') -> bytes:
    return in_rows(b'<row r="3"><c r="A3" %s>%s</c></row>' % (attributes, content))


def extra_part(name: str, content: bytes) -> bytes:
    stream = io.BytesIO(workbook(HEADER, ["章示例", "好", 3]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def many_parts(count: int) -> bytes:
    stream = io.BytesIO(workbook(HEADER, ["章示例", "好", 3]))
    with zipfile.ZipFile(stream, "a") as archive:
        for place in range(count):
            archive.writestr(f"x/{place}", b"")
    return stream.getvalue()


def csv(text: str) -> bytes:
    return (",".join(HEADER) + "\n" + text).encode()


ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
IN_UTF_16 = ('<?xml version="1.0" encoding="UTF-16"?>' + ENTITY.decode() + "<worksheet>&e;</worksheet>").encode(
    "utf-16"
)
MERGED = b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 300_000 + b"</mergeCells>"
WIDE = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (place, place) for place in range(3, 5_003))
ATTACKS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "billion laughs in the sheet": ("a.xlsx", lambda: with_type(LAUGHS, reference=b"&l9;")),
    "billion laughs in the shared texts": ("a.xlsx", lambda: with_type(LAUGHS, SHARED)),
    "external entity in the sheet": ("a.xlsx", lambda: with_type(ENTITY, reference=b"&e;")),
    "external entity in the workbook": ("a.xlsx", lambda: with_type(ENTITY, "xl/workbook.xml")),
    "external entity in the relations": ("a.xlsx", lambda: with_type(ENTITY, "xl/_rels/workbook.xml.rels")),
    "external entity in the styles": ("a.xlsx", lambda: with_type(ENTITY, "xl/styles.xml")),
    "declaration in UTF-16": ("a.xlsx", lambda: sheet(lambda xml: IN_UTF_16)),
    "sheet of 50 MB": ("a.xlsx", lambda: sheet(lambda xml: xml + b" " * 50 * MB)),
    "shared texts of 50 MB": ("a.xlsx", lambda: sheet(lambda xml: xml + b" " * 50 * MB, SHARED)),
    "styles of 50 MB": ("a.xlsx", lambda: sheet(lambda xml: xml + b" " * 50 * MB, "xl/styles.xml")),
    "two million shared texts": (
        "a.xlsx",
        lambda: sheet(lambda xml: xml.replace(b"</sst>", b"<si><t>a</t></si>" * 2_000_000 + b"</sst>"), SHARED),
    ),
    "shared text that is not there": ("a.xlsx", lambda: cell(b"<v>99999999</v>", b't="s"')),
    "shared text of a negative number": ("a.xlsx", lambda: cell(b"<v>-1</v>", b't="s"')),
    "sheet nested 100,000 deep": ("a.xlsx", lambda: before_rows(b"<x>" * 100_000 + b"</x>" * 100_000)),
    "300,000 merged ranges": ("a.xlsx", lambda: behind_rows(MERGED)),
    "merged ranges that never end": ("a.xlsx", lambda: behind_rows(b"<mergeCells>" + b"mergeCell " * 300_000)),
    "merged ranges one over the other": ("a.xlsx", overlapping),
    "a cell of 100,000 tabs": ("a.csv", lambda: csv("a" + "\t" * 100_000 + "b,x,1\n")),
    "a cell of 40,000 lines": ("a.csv", lambda: csv('"' + "a\n" * 40_000 + '",x,1\n')),
    "a cell of escapes and quotes": ("a.csv", lambda: csv("_x000D_" * 15_000 + "," + "'" * 100_000 + ",1\n")),
    "a cell of 100,000 digits": ("a.csv", lambda: csv("1" * 100_000 + "," + "1," * 50_000 + "\n")),
    "a column beyond the last": ("a.xlsx", lambda: in_rows(b'<row r="3"><c r="ZZZZZZ3"><v>1</v></c></row>')),
    "the last column in 5,000 rows": ("a.xlsx", lambda: in_rows(WIDE)),
    "a row that goes backwards": ("a.xlsx", lambda: in_rows(b'<row r="1"><c r="A1"><v>1</v></c></row>' * 1000)),
    "a row number without end": ("a.xlsx", lambda: in_rows(b'<row r="%s"><c><v>1</v></c></row>' % (b"9" * 10_000))),
    "a number of a million digits": (
        "a.xlsx",
        lambda: in_rows(b'<row r="3"><c r="C3"><v>%s</v></c></row>' % (b"9" * MB)),
    ),
    "a number of 10**300": ("a.xlsx", lambda: in_rows(b'<row r="3"><c r="C3"><v>1e300</v></c></row>')),
    "a date beyond all calendars": ("a.xlsx", lambda: cell(b"<v>9999-99-99T99:99:99</v>", b't="d"')),
    "10,000 parts": ("a.xlsx", lambda: many_parts(10_000)),
    "a part outside of the folder": ("a.xlsx", lambda: extra_part("../../../../tmp/evil", b"x")),
    "a part with an absolute name": ("a.xlsx", lambda: extra_part("/etc/cron.d/evil", b"x")),
    "an archive within the archive": ("a.xlsx", lambda: extra_part("inner.zip", many_parts(10))),
    "macros": ("a.xlsm", lambda: extra_part("xl/vbaProject.bin", b"x")),
    "a page of HTML called a table": ("a.xls", lambda: b"<html><table><tr><td>1</td></tr></table></html>"),
    "a script called a table": ("a.csv", lambda: b"#!/bin/sh\nrm -rf /\n"),
    "a million columns": ("a.csv", lambda: csv("," * 1_000_000)),
    "a thousand rows of a thousand columns": ("a.csv", lambda: csv(("," * 1000 + "\n") * 1000)),
    "a cell of five megabytes": ("a.csv", lambda: csv("a" * 5 * MB)),
    "a quotation that never ends": ("a.csv", lambda: csv('"' + "a\n" * MB)),
    "a million quotation marks": ("a.csv", lambda: csv('"' * MB)),
    "a million empty lines": ("a.csv", lambda: csv("\n" * MB)),
    "null characters": ("a.csv", lambda: csv("\0" * 1000 + ",\0,\0\n")),
    "control characters": ("a.csv", lambda: csv("".join(map(chr, range(1, 32))) + ",x,1\n")),
    "writing from right to left": ("a.csv", lambda: csv("\u202egnp.exe,\u2066x,1\n")),
    "half of a pair of characters": ("a.csv", lambda: csv("").rstrip() + b"\n\xed\xa0\x80,x,1\n"),
    "formulas without end": ("a.csv", lambda: csv("=cmd|' /C calc'!A1,+1,@SUM(1)\n" * 20_000)),
}


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_table_is_refused_or_read_within_its_limits(name: str) -> None:
    file_name, make = ATTACKS[name]
    content = make()
    before, begun = peak(), time.process_time()
    try:
        read = [cells for row in read_table(content, file_name, COLUMNS) for cells in row.values.values()]
    except TableError as error:
        read = [str(error)]
    used = time.process_time() - begun
    assert used <= CPU_SECONDS or used <= CPU_SECONDS * slowness()
    assert peak() - before <= GROWTH_MB
    assert not any("root:" in str(value) for value in read), "a file of this machine"


FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    " =1",
    "=cmd|' /C calc'!A1",
    '=HYPERLINK("http://x")',
    "\n=1",
]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_no_formula_comes_out_of_a_problem_file(formula: str, form: Literal["csv", "xlsx"]) -> None:
    stream = io.StringIO()
    csv_writer(stream).writerows([[*HEADER, formula], ["", formula, formula, formula]])
    table = read_table(stream.getvalue().encode(), "a.csv", COLUMNS)
    report = write_problem_file(table, [problem for row in table for problem in row.problems], form)
    if form == "csv":
        cells = [cell for row in csv_reader(io.StringIO(report.decode("utf-8-sig"), newline="")) for cell in row]
    else:
        cells = [cell.value or "" for row in load_workbook(io.BytesIO(report)).active.iter_rows() for cell in row]
    assert any(formula.strip()[1:] in cell for cell in cells)
    assert not [
        cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    ]
