from functools import cache
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from common.printing.fonts import (
    CharacterOutsideFonts,
    FontFile,
    Style,
    font_files,
    font_for,
    outside_fonts,
    runs,
    text_width,
)
from common.text.printable import characters_not_printable

SMALLER_FILES = [file for file in font_files() if not file.path.name.startswith("JxcloudRare")]


@cache
def opened(file: FontFile) -> TTFont:
    return TTFont(BytesIO(file.data()), lazy=True)


def test_rare_name_is_drawn_by_the_first_font_that_has_each_character() -> None:
    assert runs("王·䶮𬭎𠮷") == [
        ("JxcloudSerif-Regular", "王·"),
        ("JxcloudSerifExtension-Regular", "䶮"),
        ("JxcloudSerif-Regular", "𬭎"),
        ("JxcloudRare1-Regular", "𠮷"),
    ]


def test_bold_falls_back_to_regular() -> None:
    assert font_for("安", Style.BOLD) == "JxcloudSerif-Bold"
    assert font_for("䶮", Style.BOLD) == "JxcloudSerifExtension-Regular"


@pytest.mark.parametrize("character", ["\ue000", "\u200b", "\n", "\U00030000", "\U0001f600", "ا"])
def test_characters_that_no_font_has_are_found(character: str) -> None:
    assert outside_fonts(f"王{character}明{character}") == [character]
    assert characters_not_printable(f"王{character}明{character}") == [character]
    with pytest.raises(CharacterOutsideFonts):
        runs(f"王{character}明")


def test_entry_check_and_fonts_agree_on_every_code_point() -> None:
    everything = "".join(chr(code) for code in range(0x32000) if not 0xD800 <= code < 0xE000)
    by_fonts = {
        character for character in everything if not any(f.has(character) for f in font_files() if f.style == "regular")
    }
    assert set(characters_not_printable(everything)) == by_fonts


def test_level_3_of_the_encoding_standard_is_covered() -> None:
    """GB 18030-2022, implementation level 3: the basic block and extensions A to F."""
    blocks = {
        "basic": (0x4E00, 0x9FFF),
        "A": (0x3400, 0x4DB5),
        "B": (0x20000, 0x2A6D6),
        "C": (0x2A700, 0x2B734),
        "D": (0x2B740, 0x2B81D),
        "E": (0x2B820, 0x2CEA1),
        "F": (0x2CEB0, 0x2EBE0),
    }
    for first, last in blocks.values():
        assert outside_fonts("".join(map(chr, range(first, last + 1)))) == []


@pytest.mark.parametrize("file", SMALLER_FILES, ids=lambda file: file.name)
def test_manifest_is_the_cmap_of_the_file(file: FontFile) -> None:
    codes = set(opened(file).getBestCmap())
    listed = {code for first, last in zip(file.firsts, file.lasts, strict=True) for code in range(first, last + 1)}
    assert listed == codes


def test_rare_file_really_has_its_first_and_last_character() -> None:
    for file in font_files():
        if file.path.name.startswith("JxcloudRare1"):
            assert {file.firsts[0], file.lasts[-1]} <= set(opened(file).getBestCmap())


@pytest.mark.parametrize("file", SMALLER_FILES, ids=lambda file: file.name)
def test_file_is_renamed_unique_and_has_1000_units(file: FontFile) -> None:
    font = opened(file)
    assert font["name"].getDebugName(6) == file.name
    assert "Noto" not in font["name"].getDebugName(1)
    assert font["head"].unitsPerEm == 1000


def test_licences_lie_beside_the_fonts() -> None:
    folder = font_files()[0].path.parent
    for source in ("Noto", "Hanazono"):
        assert "Open Font License" in (folder / f"LICENSE-{source}.txt").read_text(encoding="utf-8").replace(
            "OPEN FONT LICENSE", "Open Font License"
        )


def test_ideographs_are_one_em_wide_in_every_font() -> None:
    assert text_width("王䶮𬭎𠮷", Style.REGULAR, 14) == pytest.approx(4 * 14)
