"""The reader of fonts against fontTools, which knows nothing of it."""

import random
from io import BytesIO

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from common.printing.font_program import FontProgram
from common.printing.fonts import FontFile, font_files, font_program

FILES = [
    file for file in font_files() if "Rare" not in file.name or file.name.endswith(("Rare1-Regular", "bility-Regular"))
]


def chosen(file: FontFile) -> list[int]:
    codes = [code for first, last in zip(file.firsts, file.lasts, strict=True) for code in range(first, last + 1)]
    return [0, *random.Random(7).sample(codes, min(200, len(codes)))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_subset_draws_the_same_outlines_with_the_same_widths(file: FontFile) -> None:
    codes = chosen(file)
    whole, part = TTFont(BytesIO(file.data()), lazy=True), TTFont(BytesIO(font_program(file.name).subset(codes)))
    names, (table,) = whole.getBestCmap(), part["cmap"].tables
    for place, code in enumerate(codes):
        original, kept = names[code] if code else ".notdef", table.cmap.get(place, ".notdef")
        assert part["hmtx"][kept] == whole["hmtx"][original]
        assert font_program(file.name).advance(code) == whole["hmtx"][original][0] or not code
        assert part["glyf"][kept] == whole["glyf"][original]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_character_that_a_font_lacks_has_the_missing_glyph(file: FontFile) -> None:
    program = font_program(file.name)
    for code in (0xE000, 0x7, 0x2FFFF, 0x10FFFF):
        assert not file.has(chr(code))
        assert program.advance(code) == program.missing_width


def test_checksums_of_a_subset_are_those_of_its_bytes() -> None:
    content = font_program("JxcloudSans-Bold").subset([0, ord("建"), ord("筑")])
    with TTFont(BytesIO(content), checkChecksums=2) as font:  # raises for a wrong one
        assert font.reader.tables.keys() >= {"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"}
        font["head"]
    words = [int.from_bytes(content[at : at + 4], "big") for at in range(0, len(content), 4)]
    assert sum(words) & 0xFFFFFFFF == 0xB1B0AFBA


def test_parts_of_a_composite_glyph_come_along() -> None:
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "unused", "stroke", "double"])
    builder.setupCharacterMap({0x4E00: "stroke", 0x4E8C: "double"})
    pen = TTGlyphPen(None)
    for index, point in enumerate([(0, 0), (900, 0), (900, 80), (0, 80)]):
        (pen.lineTo if index else pen.moveTo)(point)
    pen.closePath()
    stroke, empty, composite = pen.glyph(), TTGlyphPen(None).glyph(), TTGlyphPen({"stroke": object()})
    composite.addComponent("stroke", (1, 0, 0, 1, 0, 0))
    composite.addComponent("stroke", (0.5, 0, 0, 1, 0, 600))
    builder.setupGlyf({".notdef": empty, "unused": empty, "stroke": stroke, "double": composite.glyph()})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "unused", "stroke", "double"), (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupOS2()
    builder.setupPost()
    target = BytesIO()
    builder.save(target)
    part = TTFont(BytesIO(FontProgram(target.getvalue()).subset([0, 0x4E8C])))
    glyph = part["glyf"][part["cmap"].tables[0].cmap[1]]
    assert [component.y for component in glyph.components] == [0, 600]
    assert all(part["glyf"][component.glyphName] == stroke for component in glyph.components)


@pytest.mark.parametrize("data", [b"OTTO" + bytes(20), b"not a font"])
def test_font_with_other_outlines_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="TrueType"):
        FontProgram(data)
