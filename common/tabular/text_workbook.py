"""Writes workbooks whose cells are all text, so that a spreadsheet keeps every digit and calculates nothing.

A workbook is written piece by piece, so that one of a million rows takes no more memory than one of ten.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from xml.sax.saxutils import escape, quoteattr

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "@"
"""The number format by which a spreadsheet takes a cell for text."""
LONGEST = 32_000
"""The unit is characters of a cell; a spreadsheet keeps some more."""
MOST_ROWS_OF_A_SHEET = 1_048_576
"""A spreadsheet opens no sheet with more rows."""
PIECE = 64 * 1024
"""Pieces have at least so many bytes, but for the last one."""

_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIXED_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # 49 is the number of the format `TEXT`.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def write_text_workbook(
    rows: Iterable[Sequence[str]], *, name: str, widths: Sequence[int] = (), heading_rows: int = 1, foot: str = ""
) -> bytes:
    return b"".join(text_workbook_pieces(rows, name=name, widths=widths, heading_rows=heading_rows, foot=foot))


def text_workbook_pieces(
    rows: Iterable[Sequence[str]], *, name: str, widths: Sequence[int] = (), heading_rows: int = 1, foot: str = ""
) -> Iterator[bytes]:
    """`name` is that of the only sheet. With `widths`, in characters, the heading rows also stay in sight. `foot` stands at
    the foot of every printed page. The caller has neutralised texts of strangers (`problem_file.neutralised`).
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        for path, text in [*_FIXED_PARTS.items(), ("xl/workbook.xml", _workbook(name))]:
            with book.open(path, "w") as part:
                part.write((_HEAD + text).encode())
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((_HEAD + _before_rows(widths, heading_rows)).encode())
            for number, row in enumerate(rows, 1):
                sheet.write(_row(number, row).encode())
                if outlet.size >= PIECE:
                    yield outlet.taken()
            sheet.write(_after_rows(foot).encode())
    yield outlet.taken()


class _Outlet:
    """Takes what the archive writes, in order, until somebody takes it away; it cannot be searched."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        whole, self.pieces, self.size = b"".join(self.pieces), [], 0
        return whole


def _workbook(name: str) -> str:
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<sheets><sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _before_rows(widths: Sequence[int], heading_rows: int) -> str:
    if not widths:
        return f'<worksheet xmlns="{_MAIN}"><sheetData>'
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>' for place, width in enumerate(widths, 1)
    )
    pane = f'<pane ySplit="{heading_rows}" topLeftCell="A{heading_rows + 1}" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    return f'<worksheet xmlns="{_MAIN}">{view}<cols>{columns}</cols><sheetData>'


def _row(number: int, texts: Sequence[str]) -> str:
    cells = "".join(_cell(f"{_letters(place)}{number}", text) for place, text in enumerate(texts, 1))
    return f'<row r="{number}">{cells}</row>'


@cache
def _letters(place: int) -> str:
    """Names the first column A, and the 27th AA."""
    rest, last = divmod(place - 1, 26)
    return (_letters(rest) if rest else "") + chr(ord("A") + last)


def _cell(place: str, text: str) -> str:
    shown = escape(_NOT_IN_XML.sub("", text)[:LONGEST])
    return f'<c r="{place}" s="1" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _after_rows(foot: str) -> str:
    # An ampersand begins a code of the spreadsheet.
    words = (
        f"<headerFooter><oddFooter>&amp;C{escape(foot.replace('&', '＆'))}</oddFooter></headerFooter>" if foot else ""
    )
    return f"</sheetData>{words}</worksheet>"
