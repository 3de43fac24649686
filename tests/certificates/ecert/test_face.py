from datetime import date
from typing import Any

import pytest

from certificates.ecert.face import HOLDERS
from common.findings import Refused
from tests.certificates.ecert.faces import LONG_ENTERPRISE, LONG_NAME, face, photo


def codes_of(**changes: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        face(**changes)
    return [finding.code for finding in refused.value.findings]


def test_complete_face_of_every_category_is_accepted() -> None:
    for category in HOLDERS:
        assert face(category=category).category == category


def test_all_reasons_are_given_at_once() -> None:
    codes = codes_of(photo_jpeg=None, name=" ", valid_to=date(2024, 2, 29), category="D", version_no=0)
    assert set(codes) == {
        "ecert_photo_missing",
        "ecert_name_missing",
        "ecert_validity_reversed",
        "ecert_category",
        "ecert_version",
    }


def test_missing_photo_is_the_persons_turn_and_has_a_cure() -> None:
    with pytest.raises(Refused) as refused:
        face(photo_jpeg=None)
    (finding,) = refused.value.findings
    assert finding.turn == "本人"
    assert finding.cure is not None


@pytest.mark.parametrize("bad", [b"", b"not an image", photo()[:3000], photo(picture_format="PNG"), photo(mode="CMYK")])
def test_photo_that_a_pdf_cannot_carry_is_refused(bad: bytes) -> None:
    assert codes_of(photo_jpeg=bad) in (["ecert_photo_missing"], ["ecert_photo_unusable"])


def test_grey_photo_is_accepted() -> None:
    assert face(photo_jpeg=photo(mode="L")).photo == photo(mode="L")


def test_character_outside_the_fonts_is_named() -> None:
    with pytest.raises(Refused) as refused:
        face(name="王\ue001小明")
    (finding,) = refused.value.findings
    assert finding.code == "ecert_name_outside_fonts"
    assert "U+E001" in finding.message


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"first_issued_on": date(2024, 3, 2)}, "ecert_first_issue_later"),
        ({"birth_date": date(2018, 5, 4)}, "ecert_birth_later"),
        ({"enterprise_name": "建" * 161}, "ecert_enterprise_name_too_long"),
        ({"name": "王" * 121}, "ecert_name_too_long"),
    ],
)
def test_impossible_values_are_refused(changes: dict[str, Any], code: str) -> None:
    assert codes_of(**changes) == [code]


def test_names_of_fifty_characters_are_accepted() -> None:
    assert len(LONG_NAME) >= 50
    assert len(LONG_ENTERPRISE) >= 50
    assert face(name=LONG_NAME, enterprise_name=LONG_ENTERPRISE).name == LONG_NAME


def test_data_shows_what_the_face_shows_and_nothing_more() -> None:
    data = face().as_data()
    assert data["birth_month"] == "1985-03"
    assert data["holder"] == "建筑施工企业综合类专职安全生产管理人员"
    assert data["valid_to"] == "2027-02-28"
    assert {"photo_jpeg", "birth_date", "id_number"}.isdisjoint(data)
