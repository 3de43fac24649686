import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common.text.uscc import ALPHABET, normalise_uscc, uscc_check_character, validate_uscc

first_parts = st.builds(
    "".join,
    st.tuples(
        st.text(ALPHABET, min_size=2, max_size=2),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(ALPHABET, min_size=9, max_size=9),
    ),
).filter(lambda first17: len(set(first17)) > 1)
"""Department and kind of organisation, the region in digits, and the organisation's own code."""


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


@pytest.mark.parametrize("first17", ["91A60100MA0000001", "9136H100MA0000001", "91360L00MA0000001"])
def test_reading_m8_a_region_has_digits_only(first17: str):
    assert code_of(first17 + uscc_check_character(first17)) == "region"


@pytest.mark.parametrize("sign", ["1", "0", "9", "A"])
def test_reading_m8_a_row_of_one_sign_is_no_code(sign: str):
    assert code_of(sign * 17 + uscc_check_character(sign * 17)) == ("region" if sign == "A" else "placeholder")
