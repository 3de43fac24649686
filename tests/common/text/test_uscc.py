import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common.text.uscc import ALPHABET, normalise_uscc, uscc_check_character, validate_uscc

first_parts = st.text(ALPHABET, min_size=17, max_size=17)


def code_of(text: str) -> str:
    with pytest.raises(ValidationError) as caught:
        normalise_uscc(text)
    return caught.value.code or ""


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "11100000000013338W", "11430000006122244L", "11110000000021135M"]
)
def test_known_codes_are_valid(code: str):
    validate_uscc(code)


def test_check_character_zero():
    zero = next(code for code in (f"91360100MA{n:07}" for n in range(1000)) if uscc_check_character(code) == "0") + "0"
    assert normalise_uscc(zero) == zero
    assert code_of(zero[:-1] + "1") == "check"


def test_typing_habits_are_evened_out():
    assert normalise_uscc(" 91350100 m000100y43　") == "91350100M000100Y43"
    assert normalise_uscc("９１３５０１００Ｍ０００１００Ｙ４３") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("91350100M000100Y4", "length"),
        ("91350100M000100Y433", "length"),
        ("9135O100M000100Y43", "characters"),
        ("91350100M000100Z43", "characters"),
        ("91350100M000100Y4中", "characters"),
        ("91350100M000100Y44", "check"),
    ],
)
def test_each_cause_is_told_apart(text: str, code: str):
    assert code_of(text) == code


@given(first_parts)
def test_every_code_with_its_check_character_is_valid(first17: str):
    code = first17 + uscc_check_character(first17)
    assert normalise_uscc(code.lower()) == code


@given(first_parts, st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_character_is_always_noticed(first17: str, position: int, shift: int):
    wrong = ALPHABET[(ALPHABET.index(first17[position]) + shift) % 31]
    changed = first17[:position] + wrong + first17[position + 1 :]
    assert code_of(changed + uscc_check_character(first17)) == "check"


@pytest.mark.parametrize("first", ["A", "N", "Y", "G"])
def test_codes_of_registering_departments_with_a_letter_are_valid(first: str):
    """python-stdnum rejects them: docs/adr/0020."""
    first17 = f"{first}1360100123456789"
    code = first17 + uscc_check_character(first17)
    assert normalise_uscc(code) == code
