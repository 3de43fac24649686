"""Aligns two faces: it measures how much of the drawing of one is found again in the other, and how it has moved.

A frame that was computed from another one repeats its finest drawing, whatever the warp. A head that really turns
does not, since its shine, its gaze and its hidden side change.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .engine import Image
from .geometry import Face

SIDE = 160
"""The unit is pixels of the square in which faces are compared."""
Grey = NDArray[np.uint8]
_Map = NDArray[np.float32]

_PLACES = np.array([(0.34, 0.38), (0.66, 0.38), (0.37, 0.74), (0.63, 0.74)], np.float32) * SIDE
"""The unit is pixels; the places are those of the person's right and left eye and right and left corner of the mouth.
"""
_SMOOTH = 3.0
"""The unit is pixels. A warp that changes over less than this is not smooth and could move single hairs or pores."""
_PASSES = 2
_FINE, _COARSE = 1.0, 4.2
"""The unit is pixels. Finer drawing than the first is noise, coarser drawing than the second is light."""
_REPLICATE = 1
"""The value is that of cv2.BORDER_REPLICATE, because cv2 must not be loaded with this module."""
_AROUND = 5.0


@dataclass(frozen=True)
class Overlay:
    """`likeness` is the median correlation of fine drawing inside the face, -1 to 1; `off_plane` are the pixels by which
    the movement differs from that of a flat picture (root of the mean square).
    """

    likeness: float
    off_plane: float


def crop(image: Image, face: Face) -> Grey:
    """Answers the face upright, always of the same size and without colours."""
    import cv2  # noqa: PLC0415  heavy library

    points = np.array([face.right_eye, face.left_eye, face.mouth_right, face.mouth_left], np.float32)
    matrix: Any = cv2.estimateAffinePartial2D(points, _PLACES, method=cv2.LMEDS)[0]
    if matrix is None:
        return np.zeros((SIDE, SIDE), np.uint8)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = float(np.hypot(matrix[0, 0], matrix[0, 1]))
    if scale < 0.7:  # else the smaller picture would show steps that the larger one has not
        grey = cv2.GaussianBlur(grey, (0, 0), 0.35 / scale)
    cut = cv2.warpAffine(grey, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=_REPLICATE)
    return np.asarray(cut, np.uint8)


def mirrored(face: Grey) -> Grey:
    return np.ascontiguousarray(face[:, ::-1])


def overlay(one: Grey, other: Grey) -> Overlay:
    """Moves `other` onto `one` by the best smooth warp, which takes about 15 ms."""
    import cv2  # noqa: PLC0415  heavy library

    flow = _flow(one, other)
    x, y = _grid()
    moved = cv2.remap(other, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=_REPLICATE)
    inside = _inside()
    return Overlay(float(np.median(_local_likeness(one, np.asarray(moved, np.uint8))[inside])), _off_plane(flow))


def motion(one: Grey, other: Grey) -> float:
    """Answers the median movement in pixels between two cuts that were not aligned to landmarks."""
    flow = _flow(one, other)
    return float(np.median(np.hypot(flow[..., 0], flow[..., 1])[_inside()]))


def _flow(one: Grey, other: Grey) -> _Map:
    import cv2  # noqa: PLC0415  heavy library

    searcher = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    first, second = _evened(one), _evened(other)
    x, y = _grid()
    flow = np.zeros((SIDE, SIDE, 2), np.float32)
    for _ in range(_PASSES):
        moved = cv2.remap(second, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=_REPLICATE)
        found = searcher.calc(first, moved, None)  # type: ignore[call-overload]  # None: made anew
        step = cv2.GaussianBlur(found, (0, 0), _SMOOTH)
        flow = cv2.remap(flow, x + step[..., 0], y + step[..., 1], cv2.INTER_LINEAR, borderMode=_REPLICATE) + step
    return np.asarray(flow, np.float32)


def _evened(face: Grey) -> Grey:
    """Removes light and shadow, which the search would take for movement."""
    import cv2  # noqa: PLC0415  heavy library

    values = face.astype(np.float32)
    values -= cv2.GaussianBlur(values, (0, 0), 7)
    spread = np.sqrt(cv2.GaussianBlur(values * values, (0, 0), 7)) + 4
    return np.asarray(np.clip(values / spread * 40 + 128, 0, 255), np.uint8)


def _local_likeness(one: Grey, other: Grey) -> _Map:
    import cv2  # noqa: PLC0415  heavy library

    def around(values: _Map) -> _Map:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), _AROUND), np.float32)

    first, second = _drawing(one), _drawing(other)
    return np.asarray(around(first * second) / np.sqrt(around(first * first) * around(second * second) + 1), np.float32)


def _drawing(face: Grey) -> _Map:
    import cv2  # noqa: PLC0415  heavy library

    values = face.astype(np.float32)
    return np.asarray(cv2.GaussianBlur(values, (0, 0), _FINE) - cv2.GaussianBlur(values, (0, 0), _COARSE), np.float32)


def _off_plane(flow: _Map) -> float:
    """The best homography takes away the movement of a flat picture that is moved, turned or tilted."""
    import cv2  # noqa: PLC0415  heavy library

    x, y = _grid()
    inside = _inside()
    start = np.stack([x[inside], y[inside]], axis=1)[::19]
    end = start + flow[inside][::19]
    matrix: Any = cv2.findHomography(start, end, 0)[0]
    if matrix is None:
        return 0.0
    fitted = cv2.perspectiveTransform(start[None], matrix)[0]
    return float(np.sqrt(np.mean(np.sum((fitted - end) ** 2, axis=1))))


@lru_cache(maxsize=1)
def _grid() -> tuple[_Map, _Map]:
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    return x, y


@lru_cache(maxsize=1)
def _inside() -> NDArray[np.bool_]:
    """Covers forehead to chin, without hair and background."""
    x, y = _grid()
    return np.asarray(((x - SIDE / 2) / (0.30 * SIDE)) ** 2 + ((y - 0.54 * SIDE) / (0.36 * SIDE)) ** 2 < 1)
