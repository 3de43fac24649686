import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common.text.names import LEGACY_CODE_POINTS, normalise_name, validate_name


def code_of(name: str) -> str:
    with pytest.raises(ValidationError) as caught:
        validate_name(name)
    return caught.value.code or ""


@pytest.mark.parametrize("separator", ["·", "•", "・", "．", "‧", "∙", "⋅", "･", " · ", "　•　"])
def test_every_separator_becomes_one(separator: str):
    assert normalise_name(f"艾力{separator}买买提") == "艾力·买买提"


def test_separators_inside_are_never_stripped():
    assert normalise_name("阿布都•热合曼・艾力") == "阿布都·热合曼·艾力"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("张　三", "张三"),
        (" 张三\u200b ", "张三"),
        ("艾力.买买提", "艾力·买买提"),
        ("John  Smith", "John Smith"),
        ("Ｊｏｈｎ", "John"),
        ("J. Smith", "J. Smith"),
    ],
)
def test_blanks_and_widths(typed: str, stored: str):
    assert normalise_name(typed) == stored


@pytest.mark.parametrize(
    ("legacy", "now"), [(0xE81E, "龴"), (0xE863, "䶮"), (0xE864, "龻"), (0xE831, "𡗗"), (0xE844, "䜣")]
)
def test_legacy_code_points_become_unicode(legacy: int, now: str):
    assert normalise_name(f"李{chr(legacy)}") == f"李{now}"


def test_legacy_table_agrees_with_the_code_page():
    pairs = [bytes([0xFE, second]) for second in (*range(0x50, 0x7F), *range(0x80, 0xA1))]
    decoded = dict(zip(range(0xE815, 0xE865), (pair.decode("gb18030") for pair in pairs), strict=True))
    # Where the codec itself still answers with the private use area, only the table knows.
    known = {old: new for old, new in decoded.items() if not "\ue000" <= new <= "\uf8ff"}
    assert len(known) == 66
    assert known.items() <= LEGACY_CODE_POINTS.items()
    assert not any("\ue000" <= new <= "\uf8ff" for new in LEGACY_CODE_POINTS.values())


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "欧阳锋",
        "艾力·买买提",
        "李䶮",
        "〇一",
        "吉克𡗗",
        "\U00031350明",
        "O'Brien",
        "Jean-Luc",
        "ئالىم",
        "J. Smith Jr.",
        "张" * 100,
    ],
)
def test_names_of_any_script_are_accepted(name: str):
    validate_name(name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "empty"),
        ("张" * 101, "length"),
        ("张3", "digit"),
        ("张三\n", "character"),
        ("张\x00三", "character"),
        ("张😀", "character"),
        ("张三（曾用名）", "character"),
        ("张<三", "character"),
        ("张\ue000", "private_use"),
        ("·张三", "separator"),
        ("张三·", "separator"),
        ("·", "separator"),
        ("艾力··买买提", "separator"),
    ],
)
def test_what_is_no_name_is_refused_with_its_cause(name: str, code: str):
    assert code_of(name) == code


def test_code_points_are_counted_not_bytes():
    validate_name("𡗗" * 100)
    assert code_of("𡗗" * 101) == "length"


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str):
    once = normalise_name(text)
    assert normalise_name(once) == once
