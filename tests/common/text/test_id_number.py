from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common.text.id_number import (
    id_check_character,
    is_id_number,
    normalise_id_number,
    read_id_number,
    validate_id_number,
)

VALID = "11010519491231002X"  # the example of the standard itself
TODAY = date(2026, 11, 22)


@st.composite
def id_numbers(draw: st.DrawFn, first_birth: date = date(1900, 1, 1)) -> str:
    region = draw(st.integers(100000, 999999))
    birth = draw(st.dates(first_birth, TODAY))
    first17 = f"{region}{birth:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first17 + id_check_character(first17)


def code_of(text: str, today: date = TODAY) -> str:
    with pytest.raises(ValidationError) as caught:
        normalise_id_number(text, today)
    assert len(caught.value.messages) == 1
    return caught.value.code or ""


def test_standard_example_is_valid_and_read():
    assert normalise_id_number(VALID) == VALID
    facts = read_id_number(VALID)
    assert facts.birth_date == date(1949, 12, 31)
    assert facts.sex == "female"


def test_odd_sequence_is_male():
    first17 = "36010219900101003"
    assert read_id_number(first17 + id_check_character(first17)).sex == "male"


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u300019491231\u200b002x\ufeff",
    ],
)
def test_typing_habits_are_evened_out(typed: str):
    assert normalise_id_number(typed) == VALID


def test_fifteen_digits_become_eighteen():
    assert normalise_id_number("110105491231002") == VALID


@pytest.mark.parametrize("region", ["362101", "362227", "362330", "362531"])
def test_abolished_regions_live_on_in_numbers(region: str):
    first17 = f"{region}19720305001"
    assert is_id_number(first17 + id_check_character(first17))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("1101051949123100", "length"),
        ("11010519491231002XX", "length"),
        ("1101051949123A002X", "characters"),
        ("X10105194912310020", "characters"),
        ("11010549123100X", "characters"),
        ("11010519491331002X", "birth_date"),
        ("110105490230002", "birth_date"),
        ("110105194912310021", "check"),
        ("11010519491231003X", "check"),
    ],
)
def test_each_cause_is_told_apart(text: str, code: str):
    assert code_of(text) == code
    assert not is_id_number(text)


def test_other_scripts_digits_are_not_digits():
    assert code_of("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X") == "characters"


def test_age_must_be_plausible():
    first17 = "36010220261123001"
    number = first17 + id_check_character(first17)
    assert code_of(number, date(2026, 11, 22)) == "birth_date"
    assert normalise_id_number(number, date(2026, 11, 23)) == number
    first17 = "36010218950101001"
    assert code_of(first17 + id_check_character(first17)) == "birth_date"


def test_a_refusal_repeats_no_digits():
    for wrong in ["11010519491331002X", "110105194912310021"]:
        with pytest.raises(ValidationError) as caught:
            validate_id_number(wrong)
        assert "1101" not in caught.value.message
        assert "1949" not in caught.value.message


@given(id_numbers())
def test_every_number_with_its_check_character_is_valid(number: str):
    assert normalise_id_number(number, TODAY) == number


@given(
    id_numbers(first_birth=date(1900, 1, 1)).filter(lambda number: number[6:8] == "19"), st.sampled_from([36, 11, 65])
)
def test_old_form_leads_to_the_new_one(number: str, province: int):
    first17 = f"{province}{number[2:17]}".replace(f"{province}0000", f"{province}0102")
    number = first17 + id_check_character(first17)
    assert normalise_id_number(number[:6] + number[8:17], TODAY) == number


@given(id_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, position: int, shift: int):
    wrong = str((int(number[position]) + shift) % 10)
    assert not is_id_number(number[:position] + wrong + number[position + 1 :])
