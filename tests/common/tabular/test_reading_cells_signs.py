"""Cells leave out the invisible signs that names and numbers leave out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from common.tabular.cells import clean_cell, day, number
from common.tabular.yes_no import yes_no


@pytest.mark.parametrize("sign", ["\u00ad", "\u061c", "\u200e", "\u2066", "\u2069", "\ufe0f", "\U000e0100", "\ufeff"])
def test_reading_m1_invisible_marks_leave_every_cell(sign: str) -> None:
    assert clean_cell(f"{sign}60{sign}") == "60"
    assert number(clean_cell(f"{sign}6{sign}0.5") or "") == Decimal("60.5")
    assert day(clean_cell(f"{sign}2019-04-01{sign}") or "").isoformat() == "2019-04-01"
    assert yes_no(clean_cell(f"{sign}是{sign}") or "")
    assert clean_cell(sign) is None
