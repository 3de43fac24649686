"""Draws a round official seal for an issuer's name: ring, five-pointed star, the name on an arc.

It replaces the image of the real seal where none is configured (demonstration). The name is drawn as outlines, so that
its scattered letters never get into the text of the document.
"""

from __future__ import annotations

import math
from functools import lru_cache
from io import BytesIO
from threading import Lock

from fontTools.pens.basePen import BasePen
from PIL import Image, ImageChops, ImageDraw
from PIL.PngImagePlugin import PngInfo

from certificates.ecert.layout import Colour
from certificates.ecert.vector import Curve, Matrix, Path, Point, apply, circle, flattened, polygon
from common.pki.demo_marks import SEAL_COMMENT
from common.printing.fonts import Style, outline_font, runs

RED: Colour = (0.85, 0.10, 0.11)
_STAR = 0.33
"""All lengths are in radii of the seal."""
_RING = 0.055
_TEXT_RADIUS = 0.70
_WIDEST_STEP, _WIDEST_SPAN = 29.0, 262.0
"""The unit is degrees: one is between two letters, the other over the whole name."""
_EM = 1000
_READING = Lock()
"""A glyph is read when it is first drawn, and two threads that read the same one take half-read contours."""


class _PathPen(BasePen):
    """Collects a glyph's contours, transformed; TrueType's quadratic curves arrive here as cubic ones."""

    def __init__(self, glyphs: object, matrix: Matrix) -> None:
        super().__init__(glyphs)
        self.matrix = matrix
        self.paths: list[Path] = []
        self._start: Point = (0, 0)
        self._before: Point = (0, 0)
        self._curves: list[Curve] = []

    def _moveTo(self, pt: Point) -> None:
        self._start = self._before = apply(self.matrix, pt)
        self._curves = []

    def _lineTo(self, pt: Point) -> None:
        end = apply(self.matrix, pt)
        self._curves.append((self._before, end, end))
        self._before = end

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:
        first, second, end = (apply(self.matrix, point) for point in (pt1, pt2, pt3))
        self._curves.append((first, second, end))
        self._before = end

    def _closePath(self) -> None:
        self.paths.append(Path(self._start, tuple(self._curves), closed=True))


@lru_cache(maxsize=16)
def outlines(issuer_name: str) -> tuple[Path, ...]:
    """The paths lie in the unit circle around (0, 0) and are filled by the non-zero rule."""
    ring = (circle(0, 0, 1), _reversed_circle(1 - _RING))
    with _READING:
        return (*ring, _star(), *_letters(issuer_name))


def _reversed_circle(radius: float) -> Path:
    path = circle(0, 0, radius)
    flipped = tuple(((a[0], -a[1]), (b[0], -b[1]), (c[0], -c[1])) for a, b, c in path.curves)
    return Path((path.start[0], -path.start[1]), flipped, closed=True)


def _star() -> Path:
    points = []
    for index in range(10):
        radius = _STAR if index % 2 == 0 else _STAR * 0.381966
        angle = math.pi / 2 + index * math.pi / 5
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
    return polygon(points)


def _letters(issuer_name: str) -> list[Path]:
    count = len(issuer_name)
    step = min(_WIDEST_STEP, _WIDEST_SPAN / max(count - 1, 1))
    room = math.radians(step) * _TEXT_RADIUS
    tall = min(0.32, room * 1.3)
    wide = min(tall * 0.86, room * 0.94)
    found: list[Path] = []
    for index, character in enumerate(issuer_name):
        degrees = step * ((count - 1) / 2 - index)
        found += _letter(character, degrees, wide / _EM, tall / _EM)
    return found


def _letter(character: str, degrees: float, x_scale: float, y_scale: float) -> list[Path]:
    """`degrees` count to the left of the top."""
    ((font_name, _),) = runs(character, Style.BOLD)
    font = outline_font(font_name)
    glyphs = font.getGlyphSet()
    glyph_name = font.getBestCmap()[ord(character)]
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    # A CJK em box reaches from -120 to 880 above the baseline: its middle is at 380.
    middle_x, middle_y = glyphs[glyph_name].width / 2 * x_scale, 380 * y_scale
    offset_y = _TEXT_RADIUS - middle_y
    matrix = (
        cos * x_scale,
        sin * x_scale,
        -sin * y_scale,
        cos * y_scale,
        -cos * middle_x - sin * offset_y,
        -sin * middle_x + cos * offset_y,
    )
    pen = _PathPen(glyphs, matrix)
    glyphs[glyph_name].draw(pen)
    return pen.paths


@lru_cache(maxsize=16)
def drawn_png(issuer_name: str, pixels: int = 480) -> bytes:
    """Draws the same seal as a transparent PNG, for pages and the preview."""
    fine = pixels * 3
    scale = fine / 2 * 0.99
    mask = Image.new("1", (fine, fine), 0)
    contours = [flattened(path, (scale, 0, 0, -scale, fine / 2, fine / 2), pieces=10) for path in outlines(issuer_name)]
    # Even-odd over all contours equals the fill here, because outlines of one glyph never overlap in these fonts.
    for contour in contours:
        layer = Image.new("1", (fine, fine), 0)
        ImageDraw.Draw(layer).polygon(contour, fill=1)
        mask = ImageChops.logical_xor(mask, layer)
    alpha = mask.convert("L").resize((pixels, pixels), Image.Resampling.LANCZOS)
    image = Image.new("RGBA", (pixels, pixels), (*(round(part * 255) for part in RED), 0))
    image.putalpha(alpha)
    target = BytesIO()
    # Production refuses a seal that was drawn here (`settings.demonstration`).
    mark = PngInfo()
    mark.add_text("Comment", SEAL_COMMENT)
    image.save(target, "PNG", optimize=True, pnginfo=mark)
    return target.getvalue()
