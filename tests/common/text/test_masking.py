import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text.masking import mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("张", "*"),
        ("张三", "张*"),
        ("张老三", "张*三"),
        ("欧阳小锋", "欧**锋"),
        ("艾力·买买提", "艾*·**提"),
        ("李𡗗", "李*"),
        ("John Smith", "J*** ****h"),
    ],
)
def test_names(name: str, masked: str):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("360102199001011234", "360***********1234"),
        ("360102900101123", "360********1123"),
        ("36010219", "********"),
        ("", ""),
    ],
)
def test_id_numbers(number: str, masked: str):
    assert mask_id_number(number) == masked


@pytest.mark.parametrize(
    ("phone", "masked"), [("13812341234", "138****1234"), ("88881234", "******34"), ("123", "***"), ("", "")]
)
def test_phones(phone: str, masked: str):
    assert mask_phone(phone) == masked


@given(st.text(min_size=1, max_size=40))
def test_a_mask_keeps_the_length_and_hides_something(text: str):
    for mask in (mask_name, mask_id_number, mask_phone):
        assert len(mask(text)) == len(text)
    if text.strip("· "):
        assert "*" in mask_name(text)
