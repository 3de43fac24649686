import pytest

from certificates.ecert.face import HOLDERS
from certificates.ecert.layout import PHOTO, Text, balanced, fit, texts, wrap
from common.printing.fonts import Style, text_width
from tests.certificates.ecert.faces import LONG_ENTERPRISE, LONG_NAME, face


def right_end(text: Text) -> float:
    return text.x + text_width(text.text, text.style, text.size) + text.spacing * (len(text.text) - 1)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": LONG_NAME, "enterprise_name": LONG_ENTERPRISE},
        {"name": "古" * 120, "enterprise_name": "建" * 160, "post": "职" * 60, "issuer_name": "局" * 60},
    ],
)
def test_no_two_texts_overlap_and_none_leaves_the_frame(changes: dict[str, str]) -> None:
    placed = texts(face(**changes))
    for index, one in enumerate(placed):
        assert one.x >= 60
        assert right_end(one) <= 535
        for other in placed[index + 1 :]:
            beside = right_end(one) <= other.x + 0.01 or right_end(other) <= one.x + 0.01
            higher, lower = sorted((one, other), key=lambda text: -text.y)
            # Ideographs reach from 0.12 em below the baseline to 0.86 em above it.
            assert beside or higher.y - 0.12 * higher.size >= lower.y + 0.86 * lower.size - 0.01, (one, other)


def test_person_rows_keep_clear_of_the_photo() -> None:
    for text in texts(face(name="古" * 120)):
        if text.y + text.size > PHOTO[1] and text.y < PHOTO[1] + PHOTO[3]:
            assert right_end(text) < PHOTO[0]


def test_places_of_the_national_face() -> None:
    rows = {text.text: (text.x, text.y) for text in texts(face())}
    expected = {
        "姓名": 544,
        "性别": 509,
        "出生年月": 475,
        "企业名称": 440,
        "职务": 406,
        "初次领证日期": 375,
        "有效期": 341,
    }
    for label, y in expected.items():
        assert rows[label] == (97, y)
    assert rows["2024年03月01日 至 2027年02月28日"] == pytest.approx((205, 341))
    assert rows["欧阳·䶮𬭎𠮷"] == pytest.approx((205, 544))


@pytest.mark.parametrize("category", HOLDERS)
def test_line_one_is_centred(category: str) -> None:
    line = texts(face(category=category))[0]
    assert line.text == HOLDERS[category]
    assert line.style is Style.SANS
    assert line.x + right_end(line) == pytest.approx(595)


def test_enterprise_name_takes_a_second_line_before_it_shrinks() -> None:
    fitted = fit("江西省鄱阳湖生态经济区建筑安装工程有限责任公司上饶分公司", 292, 34, wrap_first=True)
    assert fitted.size == 14
    assert len(fitted.lines) == 2


def test_lines_are_of_similar_length() -> None:
    first, second = balanced("一二三四五六七八九十甲", 14 * 10, 14, 2)
    assert len(first) - len(second) <= 1


@pytest.mark.parametrize(("width", "line_count"), [(14 * 4, 2), (14 * 3, 3)])
def test_signs_stay_with_their_words(width: float, line_count: int) -> None:
    lines = wrap("江西建（集团）", width, 14)
    assert len(lines) == line_count
    assert not any(line.endswith("（") or line.startswith("）") for line in lines)


def test_nothing_is_lost_in_wrapping() -> None:
    for width in range(60, 300, 7):
        assert "".join(wrap(LONG_ENTERPRISE, width, 12)) == LONG_ENTERPRISE
        assert "".join(wrap(LONG_NAME, width, 12)) == LONG_NAME
