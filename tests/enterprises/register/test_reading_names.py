"""A file names an enterprise as people write it; nothing but a row that says so renames it."""

from __future__ import annotations

from pathlib import Path

import pytest

from administration.imports.services import run_import
from enterprises.models import Enterprise, EnterpriseName
from enterprises.register.importing import Regions
from tests.enterprises.register.test_imports import counts, enterprise_row, load
from tests.factories import make_uscc

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
NAME = "江西甲建筑（集团）有限公司"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "spelling",
    [
        "江西甲建筑 (集团) 有限公司", "江西甲建筑（集团）\n有限公司", '="江西甲建筑（集团）有限公司"', "'江西甲建筑（集团）有限公司",
        "江⻄甲建筑（集团）有限公司", "江西甲建筑〔集团〕有限公司", "江西甲建筑﹙集团﹚有限公司", "江西甲建筑（集团）_x000D_有限公司",
        "江西甲\u200b建筑（集团）有限公司", "江西甲建筑（集团）\ufe0f有限公司",
    ],
)  # fmt: skip
def test_reading_m5_a_stray_sign_renames_no_enterprise(spelling: str) -> None:
    uscc = make_uscc()
    load("enterprises", enterprise_row(uscc, NAME))
    book = load("enterprises", enterprise_row(uscc, spelling))
    assert (counts(book), book.notes) == ((0, 0, 1, 0), [])
    assert (Enterprise.objects.get().name, EnterpriseName.objects.count()) == (NAME, 0)


def test_reading_m5_another_name_is_told_and_the_stored_one_stays() -> None:
    uscc = make_uscc()
    load("enterprises", enterprise_row(uscc, NAME))
    book = load("enterprises", enterprise_row(uscc, "江西甲建设有限公司", 住所="新址"))
    (note,) = book.notes
    assert (note.row_number, note.column_title) == (2, "企业名称")
    assert NAME in note.sentence
    assert "变更名称" in note.sentence
    enterprise = Enterprise.objects.get()
    assert (enterprise.name, enterprise.address, counts(book)) == (NAME, "新址", (0, 1, 0, 0))


@pytest.mark.parametrize(
    ("column", "word", "is_renamed"),
    [("变更名称", "是", True), ("变更名称", "否", False),
     ("曾用名", NAME, True), ("曾用名", "江西甲建筑(集团) 有限公司", True), ("曾用名", "江西丙建筑有限公司", False)],
)  # fmt: skip
def test_reading_m5_a_row_renames_on_purpose_only(column: str, word: str, is_renamed: bool) -> None:
    uscc = make_uscc()
    load("enterprises", enterprise_row(uscc, NAME))
    book = load("enterprises", enterprise_row(uscc, "江西乙建设有限公司", **{column: word}))
    assert Enterprise.objects.get().name == ("江西乙建设有限公司" if is_renamed else NAME)
    assert len(book.notes) == (0 if is_renamed else 1)
    assert list(EnterpriseName.objects.values_list("name", flat=True)) == ([NAME] if is_renamed else [])


def test_reading_m5_the_file_of_odd_names() -> None:
    book = run_import("enterprises", (CASES / "72-ent-names.csv").read_bytes(), "72-ent-names.csv")
    assert (book.new, book.bad) == (10, 1)
    assert set(Enterprise.objects.values_list("name", flat=True)) == {
        "江西公式建设有限公司", "江西撇号建设有限公司", "江西空格建设有限公司", "江西部首建设有限公司", "江西换行建设有限公司",
        "江西括号（集团）有限公司", "江西全角ABC建设有限公司", "江西abc建设有限公司", "江西点·建设有限公司", "江西零宽建设有限公司",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("上饶市广丰县", "361103"), ("赣州市南康市", "360703"), ("红谷滩新区", "360113"), ("南昌市红谷滩新区", "360113"),
        ("上饶县", "361104"), ("九江市九江县", "360404"), ("庐山区", "360402"), ("星子县", "360483"), ("赣县", "360704"),
        ("江西省南昌市东湖区", "360102"), ("九江市", "360400"), ("宜春县", None), ("杭州市西湖区", None), ("", None),
    ],
)  # fmt: skip
def test_reading_m9_former_names_of_regions(place: str, code: str | None) -> None:
    assert Regions().code_of(place) == code
