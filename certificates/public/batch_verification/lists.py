"""Reads a list of certificates (a table, or lines that were pasted) and writes the report. Neither is stored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from common.dates import chinese_date
from common.tabular.column import Column
from common.tabular.errors import TableError
from common.tabular.problem_file import as_csv, neutralised
from common.tabular.table import read_table
from common.tabular.text_workbook import XLSX, write_text_workbook
from common.text.certificate_number import EXAMPLE
from common.text.masking import mask_name

from .checking import Asked, Checked, Outcome

MOST_ROWS = 10_000
MOST_PASTED = 200
MOST_BYTES = 5_000_000
COLUMNS = (
    Column("number", "证书编号", ("编号", "证号", "证书号", "安全生产考核合格证编号"), required=True, example=EXAMPLE),
    Column("name", "姓名", ("持证人", "持证人姓名", "人员姓名"), required=True, example="张三"),
)
TITLES = (
    "行号", "证书编号", "姓名", "核验结果", "证书状态", "持证人", "类别", "有效期至", "企业名称", "说明",
)  # fmt: skip
_WIDTHS = (8, 26, 14, 12, 14, 12, 22, 16, 36, 50)
_BETWEEN = re.compile(r"[\t,，;；|]+")
_CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Line:
    """`place` is the number of the row in the list."""

    place: int
    asked: Asked


def lines_of_file(content: bytes, name: str) -> list[Line]:
    """Raises ValidationError with what is wrong with the file."""
    try:
        with read_table(content, name, COLUMNS, max_rows=MOST_ROWS, max_bytes=MOST_BYTES) as table:
            lines = [
                Line(row.number, Asked(str(row.values["number"] or ""), str(row.values["name"] or ""))) for row in table
            ]
    except TableError as error:
        raise ValidationError(str(error), code="table") from error
    if not lines:
        raise ValidationError("表格里没有要核验的证书，请填写后再上传。", code="empty")
    return lines


def lines_of_text(pasted: str) -> list[Line]:
    """Raises ValidationError for a text with nothing in it, or with too many lines."""
    lines = [Line(place, _pair(line)) for place, line in enumerate(pasted.splitlines(), 1) if line.strip()]
    if not lines:
        raise ValidationError("请粘贴要核验的证书，每行一本。", code="empty")
    if len(lines) > MOST_PASTED:
        raise ValidationError(f"一次最多粘贴 {MOST_PASTED} 行，现有 {len(lines)} 行。", code="too_many")
    return lines


def _pair(line: str) -> Asked:
    """The number comes first; between number and name stands a sign of lists, or else a blank."""
    parts = _BETWEEN.split(line.strip(), maxsplit=1)
    if len(parts) == 1:
        parts = line.strip().split(maxsplit=1)
    number, name = [*parts, ""][:2]
    return Asked(number.strip(), name.strip(" \t,，;；|"))


@dataclass(frozen=True)
class Report:
    lines: Sequence[tuple[Line, Checked]]
    at: str

    @property
    def total(self) -> int:
        return len(self.lines)

    def _counted(self, outcome: Outcome) -> int:
        return Counter(checked.outcome for _, checked in self.lines)[outcome]

    @property
    def confirmed(self) -> int:
        return self._counted(Outcome.CONFIRMED)

    @property
    def not_confirmed(self) -> int:
        return self._counted(Outcome.NOT_CONFIRMED)

    @property
    def unreadable(self) -> int:
        return self._counted(Outcome.UNREADABLE)


def report_file(report: Report, form: str) -> tuple[bytes, str, str]:
    """Answers content, name and type of the file."""
    rows = list(_rows(report))
    if form == "csv":
        return as_csv(rows), "verification-report.csv", _CSV
    return write_text_workbook(rows, name="核验结果", widths=_WIDTHS), "verification-report.xlsx", XLSX


def _rows(report: Report) -> Iterator[list[str]]:
    yield list(TITLES)
    for line, checked in report.lines:
        yield [neutralised(cell) for cell in (str(line.place), *_cells(checked))]
    yield ["", f"核验时间：{report.at}。结果以核验当时的登记为准。", *[""] * (len(TITLES) - 2)]


def _cells(checked: Checked) -> Iterable[str]:
    found, asked = checked.found, checked.asked
    said = (asked.number, asked.name, checked.word)
    if found is None:
        return (*said, "", "", "", "", "", checked.sentence)
    known = (found.state.word, mask_name(found.name), found.category_label, chinese_date(found.ends_on))
    return (*said, *known, found.enterprise_name, checked.sentence)
