"""The columns of name and ID number, which every imported table about people shares."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.people.columns import ID_NUMBER, NAME
from certificates.legacy.columns import COLUMNS as LEGACY
from certificates.out_of_province.importing import COLUMNS as OUT_OF_PROVINCE
from common.tabular.column import Column
from enterprises.register.importing import CONSTRUCTOR_COLUMNS, PROJECT_COLUMNS
from exams.results.importing import COLUMNS as RESULTS
from tests.factories import make_id_number
from training.importing import COLUMNS as TRAINING


@pytest.mark.parametrize(
    "columns", [LEGACY, OUT_OF_PROVINCE, RESULTS, TRAINING, CONSTRUCTOR_COLUMNS, PROJECT_COLUMNS], ids=lambda _: "table"
)
def test_every_table_has_the_same_column(columns: tuple[Column, ...]) -> None:
    assert [column for column in columns if column.key == "id_number"] == [ID_NUMBER]
    assert ID_NUMBER.sensitive


@pytest.mark.parametrize("columns", [LEGACY, OUT_OF_PROVINCE, RESULTS, TRAINING, CONSTRUCTOR_COLUMNS])
def test_a_name_is_read_alike(columns: tuple[Column, ...]) -> None:
    assert NAME in columns


@pytest.mark.parametrize(
    ("typed", "kept"), [("王小明", "王小明"), ("张　三", "张三"), ("阿凡提.买买提", "阿凡提·买买提")]
)
def test_names_get_one_spelling(typed: str, kept: str) -> None:
    assert NAME.parse(typed) == kept


@pytest.mark.parametrize("typed", ["1", "a" * 200])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        NAME.parse(typed)


def test_blanks_and_a_small_x_are_evened_out() -> None:
    number = make_id_number()
    assert ID_NUMBER.parse(f" {number[:6]} {number[6:].lower()} ") == number
