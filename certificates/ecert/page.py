"""Writes the only page of a signed document: texts, images and prepared drawings, as PDF/A-3b."""

from __future__ import annotations

from collections.abc import Iterable

from certificates.ecert import archive, layout
from certificates.ecert.vector import Matrix
from common.printing.embedded_fonts import EmbeddedFonts
from common.printing.fonts import runs
from common.printing.pdf import PdfFile, deflated

Box = tuple[float, float, float, float]


class Page:
    """Is drawn from back to front. The same calls give the same bytes."""

    def __init__(self) -> None:
        self.pdf = PdfFile()
        self._fonts = EmbeddedFonts()
        self._operators: list[str] = []
        self._drawings: dict[str, int] = {}

    def draw(self, operators: str) -> None:
        self._operators.append(operators)

    def place(self, name: str, drawing: int, matrix: Matrix = (1, 0, 0, 1, 0, 0)) -> None:
        """Draws an object of the file: a form in its own units, or an image, which is one unit wide and high."""
        self._drawings[name] = drawing
        self.draw(f"q {' '.join(map(short, matrix))} cm /{name} Do Q")

    def write(self, texts: Iterable[layout.Text]) -> None:
        for text in texts:
            line = [f"BT {colour(text.colour)} rg {short(text.spacing)} Tc {short(text.x)} {short(text.y)} Td"]
            for font_name, piece in runs(text.text, text.style):
                for font, codes in self._fonts.encoded(font_name, piece):
                    line.append(f"/{font} {short(text.size)} Tf <{codes}> Tj")
            line.append("ET")
            if text.spacing:
                # Spread labels would be read as words of one letter each (姓 名), so ActualText holds the word.
                actual = text.text.encode("utf-16-be").hex().upper()
                line = [f"/Span <</ActualText <FEFF{actual}>>> BDC", *line, "EMC"]
            self.draw(" ".join(line))

    def finished(self, description: archive.Description, data: bytes, *, identity: bytes) -> bytes:
        """Answers the file with PDF/A information and the attached data; the same `identity` gives the same bytes."""
        pdf = self.pdf
        fonts = self._fonts.written(pdf)
        drawings = " ".join(f"/{name} {number} 0 R" for name, number in self._drawings.items())
        content = pdf.stream("", deflated("\n".join(self._operators).encode("ascii")), compressed=True)
        pages = content + 2
        page = pdf.add(
            f"<< /Type /Page /Parent {pages} 0 R /MediaBox [{box((0, 0, layout.PAGE_WIDTH, layout.PAGE_HEIGHT))}]"
            f" /Contents {content} 0 R /Resources << /Font << {fonts} >> /XObject << {drawings} >> >> >>"
        )
        pdf.add(f"<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>")
        entries = archive.catalogue_entries(pdf, description, data)
        root = pdf.add(f"<< /Type /Catalog /Pages {pages} 0 R /PageMode /UseNone {entries} >>")
        info = archive.information(pdf, description)
        return pdf.finished(root=root, info=info, identifier=identity)


def short(value: float) -> str:
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def box(corners: Box) -> str:
    return " ".join(map(short, corners))


def colour(value: layout.Colour) -> str:
    return f"{value[0]:.3f} {value[1]:.3f} {value[2]:.3f}"
