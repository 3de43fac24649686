"""Compares the backgrounds of two frames and makes signs by which a frame is recognised when it is sent again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .engine import Image
from .geometry import Face

_COLUMNS, _ROWS = 32, 24
_ACROSS, _ALONG = 4, 3
"""The unit is cells by which a telephone in the hand may have moved, to each side."""
_LEAST_CELLS = 40
_SAME_PLACE = 22.0
"""The unit is grey levels. Frames of one recording differ by at most 8, of two places by at least 37
(docs/face-verification.md).
"""
_HASH_SIDE = 24
_SIGNS = _HASH_SIDE * _HASH_SIDE
_SLOPED = (1 << _SIGNS) - 1
_FLAT = 2.0
"""The unit is grey levels between two cells whose order noise and encoding may change."""
_FEWEST_SIGNS = 80
_SAME_FRAME = 0.01
"""The value is the share of the signs by which two copies of one frame may differ."""

_Cells = NDArray[np.float32]


@dataclass(frozen=True)
class Scene:
    cells: _Cells
    is_ground: NDArray[np.bool_]


def scene(image: Image, face: Face) -> Scene:
    """Answers a coarse picture without the head and what is below it."""
    import cv2  # noqa: PLC0415  heavy library

    height, width = image.shape[:2]
    cells = cv2.resize(image, (_COLUMNS, _ROWS), interpolation=cv2.INTER_AREA).astype(np.float32)
    rows, columns = np.mgrid[0:_ROWS, 0:_COLUMNS].astype(np.float32)
    x, y = columns * width / _COLUMNS, rows * height / _ROWS
    beside = np.abs(x - face.centre[0]) > 0.95 * face.width
    above = y < face.centre[1] - 0.85 * face.height
    return Scene(cells, (beside | above) & (y < face.y + 0.9 * face.height))


def is_another_place(one: Scene, other: Scene) -> bool:
    """Compares at every shift that a hand makes; light that changed everywhere alike counts half."""
    shifts = [(x, y) for x in range(-_ACROSS, _ACROSS + 1) for y in range(-_ALONG, _ALONG + 1)]
    found = [value for shift in shifts if (value := _difference(one, other, *shift)) is not None]
    return bool(found) and min(found) > _SAME_PLACE


def _difference(one: Scene, other: Scene, x: int, y: int) -> float | None:
    """Answers None if a face fills both frames so that no background can be compared."""
    from_columns, to_columns = _overlap(x)
    from_rows, to_rows = _overlap(y)
    both = one.is_ground[from_rows, from_columns] & other.is_ground[to_rows, to_columns]
    if both.sum() < _LEAST_CELLS:
        return None
    change = one.cells[from_rows, from_columns][both] - other.cells[to_rows, to_columns][both]
    return float(np.abs(change - 0.5 * np.median(change, axis=0)).mean())


def _overlap(shift: int) -> tuple[slice, slice]:
    if shift >= 0:
        return slice(0, -shift or None), slice(shift, None)
    return slice(-shift, None), slice(0, shift)


def signs(image: Image) -> str:
    """Answers hexadecimal digits that say where a frame grows lighter from left to right. No picture can be made from
    them.
    """
    import cv2  # noqa: PLC0415  heavy library

    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (0, 0), 3)
    cells = cv2.resize(grey, (_HASH_SIDE + 1, _HASH_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    slope = cells[:, 1:] - cells[:, :-1]
    return np.packbits([slope > 0, np.abs(slope) > _FLAT]).tobytes().hex()


def are_same_signs(one: str, other: str) -> bool:
    """Compares where both frames have a slope; on a plain wall the sign comes from the noise alone."""
    both = int(one, 16) & int(other, 16) & _SLOPED
    differing = (int(one, 16) ^ int(other, 16)) >> _SIGNS & both
    return both.bit_count() >= _FEWEST_SIGNS and differing.bit_count() <= _SAME_FRAME * both.bit_count()
