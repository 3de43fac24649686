from io import BytesIO

import pikepdf
import pytest

from common.printing.embedded_fonts import EmbeddedFonts
from common.printing.pdf import PdfFile, deflated, text


def opened(pdf: PdfFile, entries: str = "") -> pikepdf.Pdf:
    pages = pdf.add("<< /Type /Pages /Count 0 /Kids [] >>")
    root = pdf.add(f"<< /Type /Catalog /Pages {pages} 0 R {entries} >>")
    return pikepdf.open(BytesIO(pdf.finished(root=root, info=pdf.add("<< >>"), identifier=bytes(range(32)))))


def test_catalogue_keeps_the_keys_of_archival_files() -> None:
    with opened(PdfFile(), "/OutputIntents [1] /AF [1]") as pdf:
        assert list(pdf.Root.OutputIntents) == list(pdf.Root.AF) == [1]
        assert bytes(pdf.trailer.ID[0]) == bytes(range(16))


@pytest.mark.parametrize(
    "value", ["plain text-1", "赣建安C3（2024）", "a(b", "a)b", "back\\slash", "𠮷", "tab\t", "é", ""]
)
def test_text_strings_come_back(value: str) -> None:
    with opened(PdfFile(), f"/Text {text(value)}") as pdf:
        assert str(pdf.Root.Text) == value


def test_streams_come_back_deflated_or_not() -> None:
    pdf = PdfFile()
    plain, packed = pdf.stream("/Kind /A", b"endstream\n"), pdf.stream("", deflated(b"x" * 999), compressed=True)
    with opened(pdf, f"/A {plain} 0 R /B {packed} 0 R") as document:
        assert document.Root.A.read_bytes() == b"endstream\n"
        assert document.Root.B.read_bytes() == b"x" * 999
        assert document.Root.A.Kind == "/A"


def test_more_characters_than_a_font_has_codes_go_into_several() -> None:
    fonts, pdf = EmbeddedFonts(), PdfFile()
    pieces = list(fonts.encoded("JxcloudSerifExtension-Regular", "".join(map(chr, range(0x3400, 0x3400 + 600)))))
    assert [name for name, _ in pieces] == ["F1", "F2", "F3"]
    assert [len(codes) // 2 for _, codes in pieces] == [255, 255, 90]
    assert list(fonts.encoded("JxcloudSerifExtension-Regular", "㐀")) == [("F1", "01")]
    with opened(pdf, f"/Font << {fonts.written(pdf)} >>") as document:
        names = [str(font.BaseFont) for font in document.Root.Font.values()]
        assert len(set(names)) == 3
        assert all(len(font.Widths) == int(font.LastChar) + 1 for font in document.Root.Font.values())
