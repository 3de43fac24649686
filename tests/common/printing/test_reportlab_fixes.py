"""Each mending of ReportLab has a test that fails without it."""

import re
from io import BytesIO

import pikepdf
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from common.printing.fonts import font_files, print_font
from common.printing.reportlab_fixes import PrintFont, mend_streams, to_unicode_map


def document(*texts: tuple[str, str]) -> pikepdf.Pdf:
    """One line per (font name, text)."""
    mend_streams()
    canvas = Canvas(BytesIO(), initialFontName=texts[0][0])
    for index, (font_name, text) in enumerate(texts):
        canvas.setFont(font_name, 12)
        canvas.drawString(50, 700 - 20 * index, text)
    return pikepdf.open(BytesIO(canvas.getpdfdata()))


def test_text_map_is_utf_16_in_blocks_of_at_most_100() -> None:
    text_map = to_unicode_map("F", [0, *range(0x4E00, 0x4EFA), 0x20BB7])
    blocks = [int(count) for count in re.findall(r"(\d+) beginbfchar", text_map)]
    assert blocks == [100, 100, 51]
    assert "<FB> <D842DFB7>" in text_map
    assert "<00> <" not in text_map.replace("<00> <FF>", "")


def test_two_hundred_rare_characters_come_back() -> None:
    file = next(file for file in font_files() if file.name == "JxcloudSerifExtension-Regular")
    text = "".join(map(chr, range(0x3400, 0x3400 + 300)))
    assert all(map(file.has, text))
    print_font(file.name)
    with document((file.name, text)) as pdf:
        maps = [font.ToUnicode.read_bytes().decode() for font in pdf.pages[0].Resources.Font.values()]
    found = {bytes.fromhex(code).decode("utf-16-be") for part in maps for code in re.findall(r"<..> <(....+)>", part)}
    assert set(text) <= found


def test_every_stream_ends_with_a_new_line() -> None:
    mend_streams()
    mend_streams()
    print_font("JxcloudSans-Bold")
    canvas = Canvas(BytesIO(), initialFontName="JxcloudSans-Bold", pageCompression=1)
    canvas.setFont("JxcloudSans-Bold", 12)
    canvas.drawString(50, 700, "建筑")
    data = canvas.getpdfdata()
    assert data.count(b"endstream") == 3
    assert data.count(b"\nendstream\n") == 3
    assert b"ASCII85Decode" not in data
    for match in re.finditer(rb"/Length (\d+)[^>]*>>\nstream\n", data):
        assert data[match.end() + int(match[1]) :].startswith(b"\nendstream")


def test_fonts_with_one_postscript_name_stay_apart() -> None:
    file = next(file for file in font_files() if file.name == "JxcloudSans-Bold")
    for index, data in enumerate((file.data(), _with_other_glyph_for("安", "全", file.data()))):
        pdfmetrics.registerFont(PrintFont(f"Twin{index}", BytesIO(data), asciiReadable=False))
    with document(("Twin0", "安"), ("Twin1", "安")) as pdf:
        used = pdf.pages[0].Resources.Font.values()
        programs = {font.FontDescriptor.FontFile2.read_bytes() for font in used}
    assert len(programs) == 2


def _with_other_glyph_for(character: str, other: str, data: bytes) -> bytes:
    font = TTFont(BytesIO(data))
    for table in font["cmap"].tables:
        table.cmap[ord(character)] = table.cmap[ord(other)]
    target = BytesIO()
    font.save(target)
    return target.getvalue()
