"""Draws the face as an image for web pages, from the same layout, fonts and ornaments as the PDF.

Pillow draws it, because production has no PDF renderer. The image is only for viewing: the signed PDF counts.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

from certificates.ecert import guilloche, layout, seal
from certificates.ecert.face import Face
from certificates.ecert.vector import Matrix, flattened
from common.printing import qr
from common.printing.fonts import image_font, runs, text_width

SCALE = 2.0
"""The unit is pixels a point, which makes 1190 × 1684 in all."""
_FINER = 2
"""The ground is drawn larger and reduced, because Pillow's lines have hard edges."""


def preview_png(face: Face, seal_png: bytes | None = None) -> bytes:
    """Takes about 0.3 s, so store it, or serve it with a long cache life; a version's face never changes."""
    image = _ground_and_photo(face)
    _paste_qr(image, face.qr_url)
    _paste_seal(image, seal_png or seal.drawn_png(face.issuer_name))
    _write(image, face)
    target = BytesIO()
    # A palette halves the file. Median cut is used, because the faster octree shows rings in a portrait.
    image.quantize(256, Image.Quantize.MEDIANCUT).save(target, "PNG")
    return target.getvalue()


def without_seal(face: Face) -> Image.Image:
    """Leaves out the QR code too, for samples."""
    image = _ground_and_photo(face)
    _write(image, face)
    return image


def _ground_and_photo(face: Face) -> Image.Image:
    image = _ground().copy()
    _paste_photo(image, face)
    return image


def _write(image: Image.Image, face: Face) -> None:
    draw = ImageDraw.Draw(image)
    for text in layout.texts(face):
        _draw_text(draw, text)


def _rgb(colour: layout.Colour) -> tuple[int, int, int]:
    red, green, blue = (round(part * 255) for part in colour)
    return red, green, blue


def _pixels(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    """Answers left, top, width and height of a box given from the bottom left corner."""
    x, y, width, height = box
    top = layout.PAGE_HEIGHT - y - height
    return round(x * SCALE), round(top * SCALE), round(width * SCALE), round(height * SCALE)


@lru_cache(maxsize=1)
def _ground() -> Image.Image:
    """It is drawn once for all certificates."""
    scale = SCALE * _FINER
    size = (round(layout.PAGE_WIDTH * scale), round(layout.PAGE_HEIGHT * scale))
    image = Image.new("RGB", size, _rgb(guilloche.GROUND))
    draw = ImageDraw.Draw(image)
    for motif in guilloche.motifs():
        for matrix in motif.placed:
            placed = _on_image(matrix, scale)
            for stroke in motif.strokes:
                _draw_stroke(draw, stroke, placed, scale)
    return image.resize((size[0] // _FINER, size[1] // _FINER), Image.Resampling.BOX)


def _on_image(matrix: Matrix, scale: float) -> Matrix:
    """Changes points from the bottom left into pixels from the top left."""
    a, b, c, d, e, f = matrix
    return a * scale, -b * scale, c * scale, -d * scale, e * scale, (layout.PAGE_HEIGHT - f) * scale


def _draw_stroke(draw: ImageDraw.ImageDraw, stroke: guilloche.Stroke, matrix: Matrix, scale: float) -> None:
    points = flattened(stroke.path, matrix)
    if stroke.fill:
        draw.polygon(points, fill=_rgb(stroke.fill))
    if stroke.path.closed:
        points.append(points[0])
    draw.line(points, fill=_rgb(stroke.colour), width=max(1, round(stroke.width * scale)))


def _paste_photo(image: Image.Image, face: Face) -> None:
    x, y, width, height = _pixels(layout.PHOTO)
    with Image.open(BytesIO(face.photo)) as picture:
        image.paste(picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), (x, y))
    ImageDraw.Draw(image).rectangle((x, y, x + width, y + height), outline=_rgb(layout.MUTED))


def _paste_qr(image: Image.Image, url: str) -> None:
    x, y, width, height = _pixels(layout.QR)
    side, bits = qr.bitmap(url)
    code = Image.frombytes("1", (side, side), bits).convert("L").resize((width, height), Image.Resampling.BOX)
    margin = round(layout.QR_QUIET_ZONE * SCALE)
    image.paste(ImageOps.expand(code, margin, 255).convert("RGB"), (x - margin, y - margin))


def _paste_seal(image: Image.Image, png: bytes) -> None:
    (x, y), radius = layout.SEAL_CENTRE, layout.SEAL_RADIUS
    with Image.open(BytesIO(png), formats=["PNG"]) as picture:
        tall = radius * picture.height / picture.width
        left, top, width, height = _pixels((x - radius, y - tall, 2 * radius, 2 * tall))
        stamp = picture.convert("RGBA").resize((width, height), Image.Resampling.LANCZOS)
    image.paste(stamp, (left, top), stamp)


def _draw_text(draw: ImageDraw.ImageDraw, text: layout.Text) -> None:
    """Draws each character at the place that the PDF gives it."""
    x, y = text.x, (layout.PAGE_HEIGHT - text.y) * SCALE
    for font_name, piece in runs(text.text, text.style):
        font = image_font(font_name, round(text.size * SCALE))
        for character in piece:
            draw.text((x * SCALE, y), character, fill=_rgb(text.colour), font=font, anchor="ls")
            x += text_width(character, text.style, text.size) + text.spacing
