"""Signs that nobody sees or that look like others, in names, numbers and codes."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from common.text.certificate_number import number_beginning, parse_number
from common.text.ethnicity import normalise_ethnicity
from common.text.id_number import Paper, normalise_id_number, paper_of, read_id_number
from common.text.names import name_key, normalise_name, validate_name
from common.text.organisations import normalise_organisation_name, validate_organisation_name
from common.text.phones import digits_of_phone, even_phone
from common.text.signs import INVISIBLE, RADICALS, characters_meant
from common.text.uscc import normalise_uscc

ODD = (
    "\u00ad\u061c\u200b\u200e\u2060\u2066\u2069\ufe0f\U000e0100\u180b\u3164\ufeff\ue000\n\t\u2028"
    "⼩⻁⻢㇐·•—，,。、（〔﹙〈《》\"'=`_x000D_ＡａＯО০٣①"
)
texts = st.text(
    st.one_of(st.sampled_from(ODD), st.sampled_from("赣建安编号第王明江西公司0123456789ABCXo()"), st.characters()),
    max_size=40,
)


def sentence_of(function: Callable[[str], object], text: str) -> str:
    with pytest.raises(ValidationError) as caught:
        function(text)
    return "".join(caught.value.messages)


def test_every_sign_of_category_cf_and_every_variation_selector_is_invisible() -> None:
    shapeless = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"]
    selectors = [chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x180B, 0x180E))]
    assert [f"U+{ord(sign):04X}" for sign in (*shapeless, *selectors) if not INVISIBLE.fullmatch(sign)] == []
    assert not INVISIBLE.search("王小明·Ａ1（）\ue000䶮𬭎𠮷")


def test_every_radical_with_an_ideograph_becomes_it() -> None:
    assert len([code for code in RADICALS if 0x2F00 <= code <= 0x2FD5]) == 214
    assert len([code for code in RADICALS if 0x2E80 <= code <= 0x2EF3]) == 114
    assert all(
        unicodedata.category(ideograph) == "Lo" and ord(ideograph) not in RADICALS for ideograph in RADICALS.values()
    )
    for radical, ideograph in {
        "⼈": "人",
        "⽥": "田",
        "⿔": "龜",
        "⻁": "虎",
        "⻢": "马",
        "⻓": "长",
        "⻄": "西",
    }.items():
        assert characters_meant(radical) == ideograph


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("王⼩明", "王小明"), ("⻢⻓⻜", "马长飞"), ("⾼⽴⽣", "高立生"),
        ("葛\U000e0100山", "葛山"), ("张\ufe0e三", "张三"), ("李\u180b四", "李四"), ("王\u2068明\u2069", "王明"),
        ("张\n三", "张三"), ("张\u2028三", "张三"), ("张_三".replace("_", "\u3164"), "张三"),
        ("李䶮", "李䶮"), ("𬭎𠮷", "𬭎𠮷"), ("李\ue000", "李\ue000"), ("王\uf900", "王豈"),
    ],
)  # fmt: skip
def test_reading_m7_radicals_and_selectors_leave_names(typed: str, stored: str) -> None:
    assert normalise_name(typed) == stored
    assert normalise_organisation_name(typed) == stored


@pytest.mark.parametrize("dot", "·•‧・･．.∙⋅●—ㆍ⸱–-")
def test_reading_m11_every_dot_in_a_name_is_the_separator(dot: str) -> None:
    assert normalise_name(f"艾合买提{dot}买买提") == "艾合买提·买买提"
    assert normalise_name(f"艾合买提 {dot} 买买提") == "艾合买提·买买提"


@pytest.mark.parametrize("sign", "。、，;/")
def test_reading_m11_what_may_be_no_dot_is_told(sign: str) -> None:
    name = normalise_name(f"艾合买提{sign}买买提")
    assert "间隔号请写“·”" in sentence_of(validate_name, name)


@pytest.mark.parametrize("name", ["·", "，", "—", "\u200b\u200b", "ー", "\u0301", "（）", "'"])
def test_names_of_nothing_but_signs_are_refused(name: str) -> None:
    sentence_of(validate_name, normalise_name(name))
    if name not in ("ー",):
        sentence_of(validate_organisation_name, normalise_organisation_name(name))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("SMITH，JOHN", "SMITH, JOHN"),
        ("SMITH ,JOHN ADAM", "SMITH, JOHN ADAM"),
        ("O’NEIL, MARY", "O’NEIL, MARY"),
        ("Müller", "Müller"),
    ],
)
def test_names_with_commas_and_latin_letters(typed: str, stored: str) -> None:
    assert normalise_name(typed) == stored
    validate_name(stored)
    assert "一个逗号" in sentence_of(validate_name, "SMITH, JOHN, ADAM")


def test_a_name_is_found_without_separator_and_capitals() -> None:
    assert name_key("艾合买提·买买提") == name_key("艾合买提买买提") == name_key("艾合买提 ● 买买提")
    assert name_key("SMITH, JOHN") == name_key("Smith John") != name_key("Smith Joan")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("新余赣江机电安装 有限公司", "新余赣江机电安装有限公司"),
        ("江西换行\r\n建设有限公司", "江西换行建设有限公司"),
        ('="宜春井冈建筑工程有限公司"', "宜春井冈建筑工程有限公司"),
        ("'江西撇号建设有限公司", "江西撇号建设有限公司"),
        ("江⻄部首建设⼯程有限公司", "江西部首建设工程有限公司"),
        ("江西试验_x000D_ 建设有限公司", "江西试验建设有限公司"),
        ("江西_x005F_x000D_建设", "江西建设"),
        ("江西全角ＡＢＣ建设有限公司", "江西全角ABC建设有限公司"),
        ("江西\u200b零宽建设有限公司", "江西零宽建设有限公司"),
        ("江西点．建设有限公司", "江西点·建设有限公司"),
        ("Jiangxi Construction  Co., Ltd", "Jiangxi Construction Co., Ltd"),
        ("《建筑时报》社", "《建筑时报》社"),
    ],
)  # fmt: skip
def test_reading_m5_enterprise_names_have_one_spelling(typed: str, stored: str) -> None:
    assert normalise_organisation_name(typed) == stored
    validate_organisation_name(stored)


@pytest.mark.parametrize("pair", ["()", "（）", "﹙﹚", "〔〕", "［］", "【】", "〈〉", "《》", "⟨⟩", "{}", "﹝﹞"])
def test_reading_m5_every_bracket_is_the_registry_s(pair: str) -> None:
    assert normalise_organisation_name(f"江西演示 {pair[0]}集团{pair[1]} 有限公司") == "江西演示（集团）有限公司"


@pytest.mark.parametrize("name", ["_x000D_", "（）", "....", "12345", "江西\x01公司", "江西😀公司", " "])
def test_reading_m5_what_is_no_enterprise_name_is_refused(name: str) -> None:
    sentence_of(validate_organisation_name, normalise_organisation_name(name))


@pytest.mark.parametrize(
    "sign", ["\u200e", "\u2060", "\u00ad", "\u202a", "\u202c", "\u2066", "\u2069", "\ufe0f", "\u061c", "\U000e0101"]
)
def test_reading_m1_invisible_marks_leave_every_number(sign: str) -> None:
    def with_sign(text: str) -> str:
        return sign + sign.join(text) + sign

    assert str(parse_number(with_sign("赣建安A（2019）0001234"))) == "赣建安A（2019）0001234"
    assert normalise_id_number(with_sign("11010519491231002X")) == "11010519491231002X"
    assert normalise_uscc(with_sign("91350100M000100Y43")) == "91350100M000100Y43"
    assert digits_of_phone(with_sign("13800138000")) == "13800138000"
    assert normalise_name(with_sign("王小明")) == "王小明"


@pytest.mark.parametrize(
    "text",
    [
        "编号：赣建安A（2019）0001234", "证书编号: 赣建安A(2019)0001234", "赣建安A〈2019〉0001234", "赣建安A《2019》0001234",
        "赣建安A﹙2019﹚0001234", "赣建安A⟨2019⟩0001234", "赣建安A（2019）第0001234号", "赣建安A（2019年）0001234", "贛建安A（2019）0001234",
        "“赣建安A（2019）0001234”",
    ],
)  # fmt: skip
def test_reading_m11_numbers_are_understood_where_unmistakable(text: str) -> None:
    assert str(parse_number(text)) == "赣建安A（2019）0001234"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("赣建安A（2O19）0001234", "年份的第 2 个字符是字母“O”，应为数字 0"),
        ("赣建安A（201l）0001234", "年份的第 4 个字符是字母“l”，应为数字 1"),
        ("赣建安A（2019）00O1234", "序号的第 3 个字符是字母“O”，应为数字 0"),
        ("赣建安A（2019）000I234", "序号的第 4 个字符是字母“I”，应为数字 1"),
        ("赣建安Cl（2019）0001234", "类别的第 2 个字符是字母“l”，应为数字 1"),
        ("赣建安С1（2019）0001234", "西里尔字母（俄文字母）“С”，不是英文字母 C"),
        ("赣建安Α（2019）0001234", "希腊字母“Α”，不是英文字母 A"),
        ("赣建安A-2019-0001234", "年份要写在括号里，不用横线"),
        ("赣建安A（20190001234", "括号不成对"),
        ("赣建A（2019）0001234", "没有“建安”两字"),
        ("赣建安（2019）0001234", "没有类别"),
    ],
)
def test_reading_m11_a_number_is_refused_with_sign_and_place(text: str, part: str) -> None:
    assert part in sentence_of(parse_number, text)


def test_the_beginning_of_a_number_is_read_like_a_number() -> None:
    assert number_beginning("赣建安a(2019") == "赣建安A（2019"
    assert number_beginning("编号：赣建安Ａ〔2019〕00") == "赣建安A（2019）00"
    assert number_beginning("王小明") == ""


@pytest.mark.parametrize("text", ["360102199002031000", "3.60102E+17", "3.60102E17"])
def test_reading_m7_lost_digits_of_an_id_number_are_told(text: str) -> None:
    assert "丢失了末几位" in sentence_of(normalise_id_number, text)


@pytest.mark.parametrize("text", ["000000650101001", "990102650101001", "360000650101001"])
def test_reading_m7_old_numbers_need_a_province(text: str) -> None:
    assert "行政区划代码" in sentence_of(normalise_id_number, text)
    assert normalise_id_number("362101650101001")


@pytest.mark.parametrize("sign", "×*✕")
def test_reading_m7_signs_for_the_last_x_are_told(sign: str) -> None:
    assert f"第18位是“{sign}”，应为大写字母 X" in sentence_of(normalise_id_number, f"11010519491231002{sign}")


@pytest.mark.parametrize(
    "text", ["11010519491231002Ⅹ", "11010519491231002Х", "身份证号：110105-19491231-002x", "＇11010519491231002X"]
)
def test_reading_m7_what_can_only_be_x_is_understood(text: str) -> None:
    assert normalise_id_number(text) == "11010519491231002X"


def test_reading_m7_letters_for_digits_are_told_with_their_place() -> None:
    told = sentence_of(normalise_id_number, "11O10519491231OO2X")
    assert "第3位是字母“O”，应为数字 0；第15位是字母“O”，应为数字 0" in told
    assert "1101" not in told


@pytest.mark.parametrize(
    ("number", "paper", "sex"),
    [
        ("830000199201300022", Paper.PERMIT, "female"),
        ("810000199408230021", Paper.PERMIT, "female"),
        ("911124198108030024", Paper.FOREIGNER, "female"),
        ("CAN320082101503", Paper.FOREIGNER, None),
        ("can 3200 821015 03", Paper.FOREIGNER, None),
        ("11010519491231002X", Paper.RESIDENT, "female"),
    ],
)
def test_numbers_of_permits_and_of_foreigners_are_read(number: str, paper: Paper, sex: str | None) -> None:
    stored = normalise_id_number(number)
    assert (paper_of(stored), read_id_number(stored).sex) == (paper, sex)


def test_the_old_number_of_a_foreigner_says_the_birth_date() -> None:
    assert read_id_number("CAN320082101503").birth_date.isoformat() == "1982-10-15"
    assert read_id_number("USA110013101503").birth_date.isoformat() == "2013-10-15"
    assert "出生日期不存在" in sentence_of(normalise_id_number, "CAN320082131503")


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("E12345678", "护照"), ("EA1234567", "护照"), ("H12345678", "回乡证"), ("M1234567890", "回乡证"), ("12345678", "台胞证"),
        ("A123456(7)", "香港身份证"), ("A123456789", "台湾身份证"), ("军字第2001988号", "军人"), ("91350100M000100Y43", "统一社会信用代码"),
    ],
)  # fmt: skip
def test_other_papers_are_told_what_to_do(number: str, word: str) -> None:
    assert word in sentence_of(normalise_id_number, number)


def test_letters_in_a_credit_code_are_told_with_their_place() -> None:
    assert "第5位是字母“O”，应为数字 0" in sentence_of(normalise_uscc, "9135O100M000100Y43")
    assert "15位注册号" in sentence_of(normalise_uscc, "360100210012345")
    assert "9位组织机构代码" in sentence_of(normalise_uscc, "12345678-X")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("01", "汉"), ("1", "汉"), ("汉族", "汉"), ("维吾尔族", "维吾尔"), ("56", "基诺"), ("穿青人", "穿青人"), ("", "")],
)
def test_reading_m10_ethnic_groups_by_name_or_code(typed: str, stored: str) -> None:
    assert normalise_ethnicity(typed) == stored


@pytest.mark.parametrize(
    "typed", ["+86 138-0013-8000", "0086 13800138000", "８６１３８００１３８０００", "138—0013—8000", "(138)00138000"]
)
def test_telephones_have_one_spelling(typed: str) -> None:
    assert digits_of_phone(typed) == "13800138000"
    assert even_phone("0791－8600 0000\u200b") == "0791-8600 0000"


# --- any text ---


@given(texts)
@example('\'="江西"')
@example("_x005F_x0041_")
def test_any_text_has_one_spelling(text: str) -> None:
    for normalise in (
        normalise_name,
        normalise_organisation_name,
        name_key,
        even_phone,
        digits_of_phone,
        characters_meant,
    ):
        once = normalise(text)
        assert normalise(once) == once


def stored(read: Callable[[str], object], text: str) -> str | None:
    """None where the text is refused."""
    try:
        return str(read(text))
    except ValidationError:
        return None


def read_name(text: str) -> str:
    name = normalise_name(text)
    validate_name(name)
    return name


def read_organisation(text: str) -> str:
    name = normalise_organisation_name(text)
    validate_organisation_name(name)
    return name


@given(texts)
def test_a_stored_value_is_read_as_itself(text: str) -> None:
    for read in (parse_number, normalise_id_number, normalise_uscc, read_name, read_organisation):
        value = stored(read, text)
        assert value is None or stored(read, value) == value


@given(texts)
def test_nothing_invisible_is_ever_stored(text: str) -> None:
    for normalise in (normalise_name, normalise_organisation_name):
        assert not INVISIBLE.search(normalise(text))
        assert not set(map(ord, normalise(text))) & RADICALS.keys()
