"""Writes the tables into a file, with the data dictionary: csv in one list, xlsx with a sheet for each."""

from __future__ import annotations

from collections.abc import Iterator

from common.dates import chinese_datetime
from common.tabular.problem_file import as_csv
from common.tabular.text_workbook import XLSX, write_text_workbook

from .selectors import Statistics, subjects_in_words

CSV = "text/csv; charset=utf-8"
_TITLES = ["统计表", "行", "列", "数量", "单位"]
_WIDTHS = (24, 36, 16, 14, 8)


def statistics_file(statistics: Statistics, form: str, *, name: str) -> tuple[bytes, str, str]:
    """Answers content, name and type of the file."""
    if form == "csv":
        return as_csv(_rows(statistics)), f"{name}.csv", CSV
    return write_text_workbook(_rows(statistics), name="统计", widths=_WIDTHS), f"{name}.xlsx", XLSX


def _rows(statistics: Statistics) -> Iterator[list[str]]:
    yield _TITLES
    for sheet in statistics.sheets:
        for row in sheet.rows:
            for place, column in enumerate(sheet.columns):
                yield [sheet.subject.title, row.name, column, row.texts[place].replace(",", ""), sheet.subject.unit]
            yield [sheet.subject.title, row.name, "合计", row.texts[-1].replace(",", ""), sheet.subject.unit]
    yield [""] * len(_TITLES)
    yield ["数据说明", "", "", "", ""]
    for title, first, unit, meaning in subjects_in_words():
        yield [title, f"{meaning}行：{first}。", "", "", unit]
    if statistics.counted_at is not None:
        yield ["统计时间", chinese_datetime(statistics.counted_at), "", "", ""]
