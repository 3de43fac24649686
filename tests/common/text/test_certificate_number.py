import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common.text.certificate_number import (
    CATEGORIES,
    MAX_SERIAL,
    CertificateNumber,
    check_licence_identifier,
    format_number,
    licence_identifier,
    parse_number,
)

years = st.integers(2000, 2099)
serials = st.integers(1, MAX_SERIAL)


@pytest.mark.parametrize(
    "text",
    [
        "赣建安A（2019）0001234",
        "赣建安A(2019)0001234",
        "赣建安a（2019）0001234",
        " 赣 建安 A （ 2019 ） 000 1234 ",
        "赣建安Ａ（２０１９）０００１２３４",
        "赣建安ａ〔2019〕0001234",
        "赣建安A【2019】0001234",
        "赣建安A[2019]0001234号",
        "\u3000赣建安A（2019）0001234\ufeff",
    ],
)
def test_every_spelling_gives_one_canonical_form(text: str) -> None:
    number = parse_number(text)
    assert number == CertificateNumber("A", 2019, 1234, "赣")
    assert str(number) == "赣建安A（2019）0001234"
    assert number.is_local


def test_number_of_another_province_is_recognised_as_such() -> None:
    number = parse_number("浙建安B（2018）0012345")
    assert (number.province, number.is_local) == ("浙", False)
    assert str(number) == "浙建安B（2018）0012345"


def test_undivided_legacy_category_is_read_but_never_issued() -> None:
    assert parse_number("赣建安C（2012）0000007").category == "C"
    with pytest.raises(ValueError, match="category"):
        format_number("C", 2012, 7)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number-empty"),
        ("  \u3000", "number-empty"),
        ("赣建安（2019）0001234", "number-format"),
        ("赣建安A2019 0001234", "number-format"),
        ("赣建安A（19）0001234", "number-format"),
        ("证书0001234", "number-format"),
        ("建安A（2019）0001234", "number-province"),
        ("龘建安A（2019）0001234", "number-province"),
        ("赣建安D（2019）0001234", "number-category"),
        ("赣建安C4（2019）0001234", "number-category"),
        ("赣建安A（1919）0001234", "number-year"),
        ("赣建安A（2019）001234", "number-serial"),
        ("赣建安A（2019）00012345", "number-serial"),
        ("赣建安A（2019）0000000", "number-serial"),
    ],
)
def test_wrong_number_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_number(text)
    assert [error.code for error in caught.value.error_list] == [code]


def test_all_reasons_are_named_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        parse_number("建安D（1919）12")
    assert [error.code for error in caught.value.error_list] == [
        "number-province",
        "number-category",
        "number-year",
        "number-serial",
    ]


@given(category=st.sampled_from(CATEGORIES), year=years, serial=serials)
def test_number_survives_the_round_trip(category: str, year: int, serial: int) -> None:
    text = format_number(category, year, serial)
    number = parse_number(text)
    assert (number.category, number.year, number.serial, str(number)) == (category, year, serial, text)
    assert parse_number(text.replace("（", "(").replace("）", ") ").lower()) == number


@given(text=st.text(alphabet="赣浙建安ABCabc0123（）() １Ａ", max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        number = parse_number(text)
    except ValidationError:
        return
    assert parse_number(str(number)) == number


@pytest.mark.parametrize(("year", "serial"), [(1999, 1), (2100, 1), (2019, 0), (2019, MAX_SERIAL + 1)])
def test_number_out_of_range_is_never_formatted(year: int, serial: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        format_number("A", year, serial)


VECTORS = [
    ("11430000006122244L", 2023, 403, 1, "11100000000013338W011.11430000006122244L.20230000403.001.U"),
    ("11430000006122244L", 2023, 403, 2, "11100000000013338W011.11430000006122244L.20230000403.002.S"),
    ("11110000000021135M", 2023, 329701, 3, "11100000000013338W011.11110000000021135M.20230329701.003.Y"),
]


@pytest.mark.parametrize(("uscc", "year", "serial", "version", "expected"), VECTORS)
def test_licence_identifier_matches_published_ones(
    uscc: str, year: int, serial: int, version: int, expected: str
) -> None:
    identifier = licence_identifier(issuer_uscc=uscc, year=year, serial=serial, version=version)
    assert identifier == "1.2.156.3005.2." + expected
    assert check_licence_identifier(identifier)
    assert check_licence_identifier(expected)


@given(year=years, serial=serials, version=st.integers(1, 999), data=st.data())
def test_one_wrong_character_is_always_noticed(year: int, serial: int, version: int, data: st.DataObject) -> None:
    identifier = licence_identifier(issuer_uscc="11430000006122244L", year=year, serial=serial, version=version)
    assert check_licence_identifier(identifier)
    place = data.draw(st.integers(0, len(identifier) - 1))
    other = data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.").filter(lambda c: c != identifier[place]))
    assert not check_licence_identifier(identifier[:place] + other + identifier[place + 1 :])


def test_licence_identifier_refuses_what_does_not_fit() -> None:
    good = {"issuer_uscc": "11430000006122244L", "year": 2023, "serial": 1, "version": 1}
    for change in ({"issuer_uscc": "1143"}, {"serial": 0}, {"version": 1000}, {"year": 999}):
        with pytest.raises(ValueError, match=r"18 characters|out of range"):
            licence_identifier(**{**good, **change})  # type: ignore[arg-type]
    assert not check_licence_identifier("")
    assert not check_licence_identifier("11100000000013338W011.11430000006122244L.20230000403.001")
    assert not check_licence_identifier("11100000000013338W011.11430000006122244L.2023000040٣.001.U")
