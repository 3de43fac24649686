"""Draws a face as PDF/A-3b: the same face and seal give the same bytes, whenever and wherever."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from certificates.ecert import archive, guilloche, layout, seal
from certificates.ecert.face import TITLE, Face
from certificates.ecert.vector import number, pdf_operators
from common.printing import qr
from common.printing.fonts import Style, print_font, runs
from common.printing.reportlab_fixes import mend_streams, set_identifier, stream, use_full_catalogue

Box = tuple[float, float, float, float]


def render(face: Face, seal_png: bytes | None = None) -> bytes:
    """Answers the unsigned PDF. Without `seal_png` (transparent PNG) a seal is drawn for the issuer's name."""
    canvas = new_canvas()
    _draw_ground(canvas)
    _draw_photo(canvas, face)
    draw_qr(canvas, face.qr_url)
    # The seal lies under the text, so that issuer and date stay readable without blend modes.
    draw_seal(canvas, face.issuer_name, seal_png)
    draw_texts(canvas, layout.texts(face))
    data = as_attachment(face.as_data())
    return finish(
        canvas,
        Description(f"{TITLE} {face.number}", face.issuer_name, face.identifier, face.issued_on),
        data,
        identity=hashlib.sha256(data + face.photo + (seal_png or b"")).digest(),
    )


@dataclass(frozen=True)
class Description:
    """Viewers show these data of a document."""

    title: str
    author: str
    subject: str
    day: date


def as_attachment(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def draw_seal(canvas: Canvas, issuer_name: str, seal_png: bytes | None) -> None:
    """Draws the configured image, or a seal for the issuer's name."""
    if seal_png is None:
        _draw_seal(canvas, issuer_name)
    else:
        _draw_seal_image(canvas, seal_png)


def new_canvas() -> Canvas:
    mend_streams()
    return Canvas(
        BytesIO(),
        pagesize=(layout.PAGE_WIDTH, layout.PAGE_HEIGHT),
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
        lang="zh-CN",
        # Otherwise every page names Helvetica, which would not be embedded.
        initialFontName=print_font(runs("编", Style.REGULAR)[0][0]).fontName,
    )


def finish(canvas: Canvas, description: Description, data: bytes, *, identity: bytes) -> bytes:
    """Closes the only page with PDF/A information and the attached data; the same `identity` gives the same bytes."""
    doc = canvas._doc
    catalogue = use_full_catalogue(doc)
    archive.describe(
        doc,
        catalogue,
        title=description.title,
        author=description.author,
        subject=description.subject,
        day=description.day,
    )
    archive.set_colour_profile(doc, catalogue)
    archive.attach_data(doc, catalogue, data, description.day)
    set_identifier(doc, identity)
    canvas.showPage()
    pdf: bytes = canvas.getpdfdata()
    return pdf


def draw_texts(canvas: Canvas, texts: list[layout.Text]) -> None:
    for text in texts:
        # Spread labels would be read as words of one letter each (姓 名), so ActualText holds the word.
        if text.spacing:
            actual = f"FEFF{text.text.encode('utf-16-be').hex().upper()}"
            canvas.addLiteral(f"/Span <</ActualText <{actual}>>> BDC")
        line = canvas.beginText(text.x, text.y)
        line.setFillColorRGB(*text.colour)
        line.setCharSpace(text.spacing)
        for font_name, piece in runs(text.text, text.style):
            print_font(font_name)
            line.setFont(font_name, text.size)
            line.textOut(piece)
        canvas.drawText(line)
        if text.spacing:
            canvas.addLiteral("EMC")


def _place(canvas: Canvas, name: str, content: pdfdoc.PDFStream, box: Box) -> None:
    """Draws an image stream, which is one unit wide and high, into a box."""
    x, y, width, height = box
    canvas._doc.Reference(content, pdfdoc.xObjectName(name))
    canvas.saveState()
    canvas.transform(width, 0, 0, height, x, y)
    canvas.doForm(name)
    canvas.restoreState()


def _image(width: int, height: int, colour_space: str, **entries: Any) -> dict[str, Any]:
    return {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": width,
        "Height": height,
        "ColorSpace": colour_space,
        "BitsPerComponent": 8,
        **entries,
    }


def _draw_photo(canvas: Canvas, face: Face) -> None:
    """Embeds the JPEG as it is, without decoding and compressing it anew."""
    with Image.open(BytesIO(face.photo)) as picture:
        width, height = picture.size
        colour_space = "/DeviceGray" if picture.mode == "L" else "/DeviceRGB"
    entries = _image(width, height, colour_space, Filter="/DCTDecode")
    _place(canvas, "Photo", stream(face.photo, entries, compressed=False), layout.PHOTO)
    x, y, across, up = layout.PHOTO
    canvas.setLineWidth(0.5)
    canvas.setStrokeColorRGB(*layout.MUTED)
    canvas.rect(x, y, across, up)


def draw_qr(canvas: Canvas, url: str) -> None:
    x, y, width, height = layout.QR
    margin = layout.QR_QUIET_ZONE
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(x - margin, y - margin, width + 2 * margin, height + 2 * margin, stroke=0, fill=1)
    side, rows = qr.bitmap(url)
    entries = _image(side, side, "/DeviceGray") | {"BitsPerComponent": 1}
    _place(canvas, "QR", stream(rows, entries), layout.QR)


def _draw_seal(canvas: Canvas, issuer_name: str) -> None:
    (x, y), radius = layout.SEAL_CENTRE, layout.SEAL_RADIUS
    canvas._doc.Reference(_form(_seal_content(issuer_name), (-1, -1, 2, 2)), pdfdoc.xObjectName("Seal"))
    canvas.saveState()
    canvas.transform(radius, 0, 0, radius, x, y)
    canvas.doForm("Seal")
    canvas.restoreState()


@lru_cache(maxsize=16)
def _seal_content(issuer_name: str) -> bytes:
    """Units are a thousandth of the radius, because paths carry two decimals."""
    operators = [f"{_rgb(seal.RED)} rg .001 0 0 .001 0 0 cm"]
    operators += [pdf_operators(path.scaled(1000)) for path in seal.outlines(issuer_name)]
    return zlib.compress("\n".join([*operators, "f"]).encode("ascii"), 9)


def _draw_seal_image(canvas: Canvas, png: bytes) -> None:
    width, height, colours, alpha = _decoded_seal(png)
    mask = stream(alpha, _image(width, height, "/DeviceGray", Filter="/FlateDecode"), compressed=False)
    reference = canvas._doc.Reference(mask, "SealMask")
    entries = _image(width, height, "/DeviceRGB", Filter="/FlateDecode", SMask=reference)
    (x, y), radius = layout.SEAL_CENTRE, layout.SEAL_RADIUS
    box = (x - radius, y - radius * height / width, 2 * radius, 2 * radius * height / width)
    _place(canvas, "Seal", stream(colours, entries, compressed=False), box)


@lru_cache(maxsize=4)
def _decoded_seal(png: bytes) -> tuple[int, int, bytes, bytes]:
    with Image.open(BytesIO(png), formats=["PNG"]) as image:
        picture = image.convert("RGBA")
    colours, alpha = picture.convert("RGB").tobytes(), picture.getchannel("A").tobytes()
    return picture.width, picture.height, zlib.compress(colours, 9), zlib.compress(alpha, 9)


def _draw_ground(canvas: Canvas) -> None:
    canvas.setFillColorRGB(*guilloche.GROUND)
    canvas.rect(0, 0, layout.PAGE_WIDTH, layout.PAGE_HEIGHT, stroke=0, fill=1)
    doc = canvas._doc
    drawn, placements = _ground_content()
    resources = {}
    for name, content, box in drawn:
        resources[name] = doc.Reference(_form(content, box), f"ground{name}")
    ground = _form(placements, (0, 0, layout.PAGE_WIDTH, layout.PAGE_HEIGHT))
    ground.dictionary["Resources"] = pdfdoc.PDFDictionary({"XObject": pdfdoc.PDFDictionary(resources)})
    doc.Reference(ground, pdfdoc.xObjectName("Ground"))
    canvas.doForm("Ground")


@lru_cache(maxsize=1)
def _ground_content() -> tuple[list[tuple[str, bytes, Box]], bytes]:
    """Answers the motifs and the page that places them, compressed once for all certificates."""
    page, drawn = (layout.PAGE_WIDTH, layout.PAGE_HEIGHT), []
    placements = []
    for motif in guilloche.motifs():
        operators = [_stroked(part) for part in motif.strokes]
        box = (-page[0], -page[1], 2 * page[0], 2 * page[1])
        drawn.append((motif.name, zlib.compress("\n".join(operators).encode("ascii"), 9), box))
        for matrix in motif.placed:
            turn, shift = matrix[:4], matrix[4:]
            numbers = [f"{value:.5f}".rstrip("0").rstrip(".") for value in turn] + [number(value) for value in shift]
            placements.append(f"q {' '.join(numbers)} cm /{motif.name} Do Q")
    return drawn, zlib.compress("\n".join(placements).encode("ascii"), 9)


def _stroked(part: guilloche.Stroke) -> str:
    fill = f"{_rgb(part.fill)} rg " if part.fill else ""
    paint = "b" if part.fill else "s" if part.path.closed else "S"
    return f"{fill}{_rgb(part.colour)} RG {part.width} w {pdf_operators(part.path)} {paint}"


def _form(compressed: bytes, box: Box) -> pdfdoc.PDFStream:
    x, y, width, height = box
    entries = {
        "Type": "/XObject",
        "Subtype": "/Form",
        "BBox": pdfdoc.PDFArray([x, y, x + width, y + height]),
        "Filter": "/FlateDecode",
    }
    return stream(compressed, entries, compressed=False)


def _rgb(colour: layout.Colour) -> str:
    return " ".join(f"{part:.3f}" for part in colour)
