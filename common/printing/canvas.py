"""Draws on ReportLab's canvas in the fonts of the portal, for papers that nobody signs."""

from __future__ import annotations

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from .fonts import Style, print_font, runs
from .reportlab_fixes import mend_streams

Colour = tuple[float, float, float]
INK: Colour = (0.1, 0.1, 0.12)
MUTED: Colour = (0.36, 0.38, 0.42)
BLUE: Colour = (0.07, 0.23, 0.45)


def new_canvas(size: tuple[float, float]) -> Canvas:
    """`size` is width and height in points. The same drawing gives the same bytes."""
    mend_streams()
    return Canvas(
        BytesIO(),
        pagesize=size,
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
        lang="zh-CN",
        initialFontName=print_font(runs("文", Style.REGULAR)[0][0]).fontName,
    )


def write_text(
    canvas: Canvas, x: float, y: float, text: str, size: float, style: Style = Style.REGULAR, colour: Colour = INK
) -> None:
    """Raises CharacterOutsideFonts: the caller has replaced what no font has (`fonts.printable`)."""
    line = canvas.beginText(x, y)
    line.setFillColorRGB(*colour)
    for font_name, piece in runs(text, style):
        print_font(font_name)
        line.setFont(font_name, size)
        line.textOut(piece)
    canvas.drawText(line)
