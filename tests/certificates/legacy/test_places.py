"""The preview of old records says where a person finds each row, also in a workbook of several sheets."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from administration.imports.services import run_import

from .legacy_files import HEADER, row

pytestmark = pytest.mark.django_db


def test_the_preview_names_the_sheet_of_each_row() -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, line in (("2018年", row("张三", 1, 1)), ("2019年", row("李四", 2, 2))):
        sheet = book.create_sheet(title)
        sheet.append(HEADER)
        sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    tried = run_import("legacy", stream.getvalue(), "旧证.xlsx", dry_run=True)
    assert [line.place for line in tried.plan.lines] == ["工作表“2018年”第 2 行", "工作表“2019年”第 2 行"]
