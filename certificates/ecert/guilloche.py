"""Draws the security ground of the face: a woven border, corner rosettes, fine waves and a pale central rosette.

Each ornament is a small motif placed many times, so that the whole border is a few kilobytes of PDF.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from certificates.ecert.layout import PAGE_HEIGHT, PAGE_WIDTH, Colour
from certificates.ecert.vector import Matrix, Path, Point, circle, polygon, rotated, traced

GROUND: Colour = (0.945, 0.969, 0.992)
_DEEP, _MID, _LIGHT, _FAINT, _GOLD = (
    (0.10, 0.33, 0.62),
    (0.28, 0.51, 0.77),
    (0.56, 0.73, 0.90),
    (0.855, 0.913, 0.968),
    (0.72, 0.60, 0.32),
)
_EDGE, _BAND = 24.0, 30.0
_ACROSS, _UP = 20, 30
_TURN = 2 * math.pi


@dataclass(frozen=True)
class Stroke:
    path: Path
    colour: Colour
    width: float
    fill: Colour | None = None


@dataclass(frozen=True)
class Motif:
    name: str
    strokes: tuple[Stroke, ...]
    placed: tuple[Matrix, ...]


@lru_cache(maxsize=1)
def motifs() -> tuple[Motif, ...]:
    """Answers them in drawing order."""
    return (_waves(), _watermark(), _band("BandAcross", _ACROSS), _band("BandUp", _UP), _frame(), _corner())


def _side(tiles: int) -> float:
    """Answers the length of a border side between the corner squares."""
    return (PAGE_WIDTH if tiles == _ACROSS else PAGE_HEIGHT) - 2 * (_EDGE + _BAND)


def _band(name: str, tiles: int) -> Motif:
    length = _side(tiles) / tiles
    strokes = [Stroke(path, colour, width) for path, colour, width in _weave(length)]
    low, far_x, far_y = _EDGE + _BAND / 2, PAGE_WIDTH - _EDGE - _BAND / 2, PAGE_HEIGHT - _EDGE - _BAND / 2
    placed: list[Matrix] = []
    for index in range(tiles):
        along = _EDGE + _BAND + index * length
        if tiles == _ACROSS:
            placed += [(1, 0, 0, 1, along, low), (1, 0, 0, -1, along, far_y)]
        else:
            placed += [(0, 1, 1, 0, low, along), (0, 1, -1, 0, far_x, along)]
    return Motif(name, tuple(strokes), tuple(placed))


def _weave(length: float) -> Iterator[tuple[Path, Colour, float]]:
    """Draws one period: two chains of lenses shifted by half a period, bound by phase-shifted waves."""
    half = _BAND / 2 - 3.4

    def lens(part: float, phase: float) -> Path:
        def at(u: float) -> Point:
            return u * length, half * part * math.sin(_TURN / 2 * (2 * u) + phase)

        return traced(at, 0, 1, segments=8)

    for step in range(-6, 7):
        yield lens(step / 6, 0), _LIGHT, 0.30
    for step in range(-6, 7):
        yield lens(step / 6 * 0.92, math.pi / 2), _MID, 0.28
    for sign in (-1, 1):
        yield lens(sign, 0), _DEEP, 0.55
        yield lens(sign * 0.92, math.pi / 2), _DEEP, 0.45


def _corner() -> Motif:
    radius = _BAND / 2 + 4.5
    # The rosette is filled, so that border and frame end at it and do not run through it.
    strokes = [
        Stroke(circle(0, 0, radius + 3.2), _DEEP, 0.9, fill=GROUND),
        Stroke(circle(0, 0, radius + 1.4), _MID, 0.4),
    ]
    for index in range(10):
        phase = _TURN * index / 10
        strokes.append(Stroke(_rosette(radius * 0.70, radius * 0.30, 12, phase), _MID, 0.28))
    for index in range(6):
        phase = _TURN * index / 6
        strokes.append(Stroke(_rosette(radius * 0.34, radius * 0.26, 8, phase), _DEEP, 0.30))
    strokes.append(Stroke(circle(0, 0, 1.6), _GOLD, 0.7))
    low, far_x, far_y = _EDGE + _BAND / 2, PAGE_WIDTH - _EDGE - _BAND / 2, PAGE_HEIGHT - _EDGE - _BAND / 2
    corners = ((low, low), (far_x, low), (low, far_y), (far_x, far_y))
    return Motif("Corner", tuple(strokes), tuple((1.0, 0.0, 0.0, 1.0, x, y) for x, y in corners))


def _rosette(radius: float, swing: float, petals: int, phase: float) -> Path:
    def at(angle: float) -> Point:
        r = radius + swing * math.sin(petals * angle + phase)
        return r * math.cos(angle), r * math.sin(angle)

    return traced(at, 0, _TURN, segments=petals * 6, closed=True)


def _frame() -> Motif:
    def rectangle(inset: float) -> Path:
        right, top = PAGE_WIDTH - inset, PAGE_HEIGHT - inset
        return polygon([(inset, inset), (right, inset), (right, top), (inset, top)])

    inner = _EDGE + _BAND
    strokes = (
        Stroke(rectangle(_EDGE - 3.5), _DEEP, 1.4),
        Stroke(rectangle(_EDGE), _MID, 0.4),
        Stroke(rectangle(inner), _MID, 0.4),
        Stroke(rectangle(inner + 3.0), _GOLD, 0.6),
    )
    return Motif("Frame", strokes, ((1, 0, 0, 1, 0, 0),))


def _waves() -> Motif:
    """Draws a net of fine lines within the frame."""
    left, top = _EDGE + _BAND + 6, PAGE_HEIGHT - _EDGE - _BAND - 13
    columns, rows = 12, 50
    length, height = (PAGE_WIDTH - 2 * left) / columns, (2 * top - PAGE_HEIGHT) / rows

    def wave(swing: float) -> Path:
        return traced(lambda u: (u * length, swing * math.sin(_TURN * u)), 0, 1, segments=4)

    strokes = tuple(Stroke(wave(sign * height * 0.9), _FAINT, 0.35) for sign in (-1, 1))
    bottom = PAGE_HEIGHT - top + height / 2
    placed = tuple(
        (1.0, 0.0, 0.0, 1.0, left + column * length, bottom + row * height)
        for row in range(rows)
        for column in range(columns)
    )
    return Motif("Waves", strokes, placed)


def _watermark() -> Motif:
    """Turns one twelve-petalled curve in small steps, whose moiré forms the rosette."""
    colour = (0.795, 0.880, 0.958)
    strokes = (
        Stroke(_rosette(118, 40, 12, 0), colour, 0.4),
        Stroke(_rosette(66, 26, 12, math.pi), colour, 0.4),
        Stroke(_rosette(26, 18, 6, 0), colour, 0.4),
    )
    steps = 10
    return Motif(
        "Watermark", strokes, tuple(rotated(30 * index / steps, PAGE_WIDTH / 2, 400) for index in range(steps))
    )
