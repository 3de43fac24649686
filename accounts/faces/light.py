"""Tells whether a face shows the colours of the screen, in an order that only the server knew before.

Colour is measured and not brightness: that of the face against that of the background, so that neither the exposure
of the camera nor a change of daylight looks like an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from .engine import Image
from .geometry import Face

COLOURS = {
    "red": (255, 70, 70),
    "yellow": (235, 220, 60),
    "green": (70, 220, 90),
    "cyan": (60, 215, 225),
    "blue": (90, 110, 255),
    "magenta": (235, 80, 230),
}
"""The page shows these values of red, green and blue; static/face/camera.js has the same names."""
_FEWEST_FRAMES = 6
_CLEAR = 0.55
_CONTRARY = 0.2
_LEAST_GAIN = 0.004
"""The unit is change of log colour for a whole step of the screen. It is half of what the noise of a sensor leaves
after averaging a face.
"""
_STRONG = 0.02
"""The unit is the root mean square of log colour; this change is far beyond noise."""
_Colour = NDArray[np.float64]


class Answer(StrEnum):
    CLEAR = "clear"
    UNCLEAR = "unclear"
    CONTRARY = "contrary"


@dataclass(frozen=True)
class Lit:
    colour: str
    group: str
    face: tuple[float, float]


def tint(image: Image, face: Face) -> tuple[float, float]:
    """Answers the logarithms of red by green and of blue by green on cheeks and nose, less those of the background
    above and beside the head.
    """
    left, right = face.right_eye[0], face.left_eye[0]
    top, bottom = face.eyes[1], (face.mouth_right[1] + face.mouth_left[1]) / 2
    skin = image[_range(top, bottom, image.shape[0]), _range(min(left, right), max(left, right), image.shape[1])]
    edge = max(2, image.shape[1] // 12)
    upper = image[: max(2, round(face.y + face.height * 0.6))]
    ground = np.concatenate([upper[:, :edge].reshape(-1, 3), upper[:, -edge:].reshape(-1, 3)])
    difference = _ratios(skin.reshape(-1, 3)) - _ratios(ground)
    return float(difference[0]), float(difference[1])


def answer(frames: Sequence[Lit]) -> Answer:
    lit = [frame for frame in frames if frame.colour]
    if len(lit) < _FEWEST_FRAMES:
        return Answer.UNCLEAR
    groups = [frame.group for frame in lit]
    screen = _within(np.array([_ratios(_bgr(frame.colour)[None]) for frame in lit]), groups)
    face = _within(np.array([frame.face for frame in lit]), groups)
    shown, seen = float((screen**2).sum()), float((face**2).sum())
    if not shown or not seen:
        return Answer.UNCLEAR
    together = float((screen * face).sum())
    correlation = together / (shown * seen) ** 0.5
    if correlation >= _CLEAR and together / shown >= _LEAST_GAIN:
        return Answer.CLEAR
    if correlation < _CONTRARY and _changes_by_step(face, lit):
        return Answer.CONTRARY
    return Answer.UNCLEAR


def _changes_by_step(face: _Colour, lit: Sequence[Lit]) -> bool:
    """Tells whether frames under one colour agree with each other and differ strongly from those under the next."""
    keys = [frame.group + frame.colour for frame in lit]
    inside = _within(face, keys)
    between = face - inside
    strength = float(np.sqrt((between**2).sum(axis=1).mean()))
    return strength >= _STRONG and float(np.sqrt((inside**2).sum(axis=1).mean())) < strength / 2


def _within(values: _Colour, groups: Sequence[str]) -> _Colour:
    """Subtracts the mean of each group, because another pose has another colour by itself."""
    left = np.array(values, np.float64)
    for group in set(groups):
        members = [at for at, each in enumerate(groups) if each == group]
        left[members] -= left[members].mean(axis=0)
    return left


def _ratios(pixels: NDArray[np.generic]) -> _Colour:
    blue, green, red = np.asarray(pixels, np.float64).mean(axis=0) + 1
    return np.array([np.log(red / green), np.log(blue / green)])


def _bgr(name: str) -> NDArray[np.float64]:
    red, green, blue = COLOURS[name]
    return np.array([blue, green, red], np.float64)


def _range(low: float, high: float, limit: int) -> slice:
    start = min(max(0, round(low)), limit - 1)
    return slice(start, max(start + 1, min(limit, round(high))))
