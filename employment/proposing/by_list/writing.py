"""Writes the rows of a list that nothing came of as a workbook, to be mended and given again."""

from __future__ import annotations

from collections.abc import Sequence

from common.tabular.column import REASON_TITLE
from common.tabular.problem_file import write_guarded_workbook

from .reading import TITLES
from .report import TO_MEND, Item

WIDTHS = (14, 24, 30, 16, 16, 80)


def write_rows_to_mend(items: Sequence[Item]) -> bytes:
    """Each cell stands as it was given, and the reasons stand behind."""
    rows = [[*item.line.said, item.told] for item in items if item.standing in TO_MEND]
    return write_guarded_workbook([[*TITLES, REASON_TITLE], *rows], name="没有发起的人员", widths=WIDTHS)
