"""Draws a face as PDF/A-3b: the same face and seal give the same bytes, whenever and wherever."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

from certificates.ecert import guilloche, layout, seal
from certificates.ecert.archive import Description, packed_profile
from certificates.ecert.face import TITLE, Face
from certificates.ecert.page import Page, box, colour
from certificates.ecert.vector import number, pdf_operators
from common.printing import qr
from common.printing.fonts import Style, text_width
from common.printing.pdf import deflated, deflated_once


def render(face: Face, seal_png: bytes | None = None) -> bytes:
    """Answers the unsigned PDF. Without `seal_png` (transparent PNG) a seal is drawn for the issuer's name."""
    page = Page()
    _draw_ground(page)
    _draw_photo(page, face)
    draw_qr(page, face.qr_url)
    # The seal lies under the text, so that issuer and date stay readable without blend modes.
    draw_seal(page, face.issuer_name, seal_png)
    page.write(layout.texts(face))
    data = as_attachment(face.as_data())
    return page.finished(
        Description(f"{TITLE} {face.number}", face.issuer_name, face.identifier, face.issued_on),
        data,
        identity=hashlib.sha256(data + face.photo + (seal_png or b"")).digest(),
    )


def prepare() -> None:
    """Loads what every certificate needs, so that the first one of a process is made as fast as the others."""
    _ground_content()
    packed_profile()
    seal.outlines("印")
    for style in Style:
        text_width("安", style, 1)


def as_attachment(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def draw_seal(page: Page, issuer_name: str, seal_png: bytes | None) -> None:
    """Draws the configured image, or a seal for the issuer's name."""
    if seal_png is None:
        _draw_seal(page, issuer_name)
    else:
        _draw_seal_image(page, seal_png)


def _image(width: int, height: int, colour_space: str, bits: int = 8) -> str:
    return (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height}"
        f" /ColorSpace /{colour_space} /BitsPerComponent {bits}"
    )


def _draw_photo(page: Page, face: Face) -> None:
    """Embeds the JPEG as it is, without decoding and compressing it anew."""
    with Image.open(BytesIO(face.photo)) as picture:
        width, height = picture.size
        colour_space = "DeviceGray" if picture.mode == "L" else "DeviceRGB"
    photo = page.pdf.stream(f"{_image(width, height, colour_space)} /Filter /DCTDecode", face.photo)
    x, y, across, up = layout.PHOTO
    page.place("Photo", photo, (across, 0, 0, up, x, y))
    page.draw(f"{colour(layout.MUTED)} RG .5 w {box(layout.PHOTO)} re S")


def draw_qr(page: Page, url: str) -> None:
    x, y, width, height = layout.QR
    margin = layout.QR_QUIET_ZONE
    page.draw(f"1 1 1 rg {box((x - margin, y - margin, width + 2 * margin, height + 2 * margin))} re f")
    side, rows = qr.bitmap(url)
    code = page.pdf.stream(_image(side, side, "DeviceGray", bits=1), deflated(rows), compressed=True)
    page.place("QR", code, (width, 0, 0, height, x, y))


def _draw_seal(page: Page, issuer_name: str) -> None:
    (x, y), radius = layout.SEAL_CENTRE, layout.SEAL_RADIUS
    form = page.pdf.stream(_form((-1, -1, 1, 1)), _seal_content(issuer_name), compressed=True)
    page.place("Seal", form, (radius, 0, 0, radius, x, y))


@lru_cache(maxsize=16)
def _seal_content(issuer_name: str) -> bytes:
    """Paths carry two decimals, which are half a thousandth of the radius here: 1/2500 inch."""
    operators = [f"{colour(seal.RED)} rg .05 0 0 .05 0 0 cm"]
    operators += [pdf_operators(path.scaled(20)) for path in seal.outlines(issuer_name)]
    return deflated_once("\n".join([*operators, "f"]).encode("ascii"))


def _draw_seal_image(page: Page, png: bytes) -> None:
    width, height, colours, alpha = _decoded_seal(png)
    mask = page.pdf.stream(_image(width, height, "DeviceGray"), alpha, compressed=True)
    image = page.pdf.stream(f"{_image(width, height, 'DeviceRGB')} /SMask {mask} 0 R", colours, compressed=True)
    (x, y), radius = layout.SEAL_CENTRE, layout.SEAL_RADIUS
    up = radius * height / width
    page.place("Seal", image, (2 * radius, 0, 0, 2 * up, x - radius, y - up))


@lru_cache(maxsize=4)
def _decoded_seal(png: bytes) -> tuple[int, int, bytes, bytes]:
    with Image.open(BytesIO(png), formats=["PNG"]) as image:
        picture = image.convert("RGBA")
    colours, alpha = picture.convert("RGB").tobytes(), picture.getchannel("A").tobytes()
    return picture.width, picture.height, deflated_once(colours), deflated_once(alpha)


def _draw_ground(page: Page) -> None:
    whole = (0.0, 0.0, layout.PAGE_WIDTH, layout.PAGE_HEIGHT)
    page.draw(f"{colour(guilloche.GROUND)} rg {box(whole)} re f")
    drawn, placements = _ground_content()
    form = _form((-layout.PAGE_WIDTH, -layout.PAGE_HEIGHT, layout.PAGE_WIDTH, layout.PAGE_HEIGHT))
    motifs = [(name, page.pdf.stream(form, content, compressed=True)) for name, content in drawn]
    resources = " ".join(f"/{name} {motif} 0 R" for name, motif in motifs)
    resources = f"/Resources << /XObject << {resources} >> >>"
    page.place("Ground", page.pdf.stream(f"{_form(whole)} {resources}", placements, compressed=True))


@lru_cache(maxsize=1)
def _ground_content() -> tuple[list[tuple[str, bytes]], bytes]:
    """Answers the motifs and the page that places them, compressed once for all certificates."""
    drawn, placements = [], []
    for motif in guilloche.motifs():
        operators = [_stroked(part) for part in motif.strokes]
        drawn.append((motif.name, deflated_once("\n".join(operators).encode("ascii"))))
        for matrix in motif.placed:
            turn, shift = matrix[:4], matrix[4:]
            numbers = [f"{value:.5f}".rstrip("0").rstrip(".") for value in turn] + [number(value) for value in shift]
            placements.append(f"q {' '.join(numbers)} cm /{motif.name} Do Q")
    return drawn, deflated_once("\n".join(placements).encode("ascii"))


def _stroked(part: guilloche.Stroke) -> str:
    fill = f"{colour(part.fill)} rg " if part.fill else ""
    paint = "b" if part.fill else "s" if part.path.closed else "S"
    return f"{fill}{colour(part.colour)} RG {part.width} w {pdf_operators(part.path)} {paint}"


def _form(corners: tuple[float, float, float, float]) -> str:
    return f"/Type /XObject /Subtype /Form /BBox [{box(corners)}]"
