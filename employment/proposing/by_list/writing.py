"""Writes the rows of a list that nothing came of as a workbook, to be mended and given again."""

from __future__ import annotations

from collections.abc import Sequence

from common.tabular.column import REASON_TITLE
from common.tabular.problem_file import neutralised
from common.tabular.text_workbook import write_text_workbook

from .reading import TITLES
from .report import TO_MEND, Item

WIDTHS = (14, 24, 30, 16, 16, 80)


def write_rows_to_mend(items: Sequence[Item]) -> bytes:
    """Each cell stands as it was given, and the reasons stand behind."""
    rows = [[*item.line.said, item.told] for item in items if item.standing in TO_MEND]
    cells = [[neutralised(text) for text in row] for row in rows]
    return write_text_workbook([[*TITLES, REASON_TITLE], *cells], name="没有发起的人员", widths=WIDTHS)
