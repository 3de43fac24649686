"""Measures an ID photo: the face by the landmarks of the detector, light and background by the pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.faces import engine
from accounts.faces.engine import Image
from accounts.faces.geometry import Face

_WORKING_SIDE = 960
"""The unit is pixels. Light, background and sharpness are measured at this size."""
_FACE_WIDTH = 200
"""The unit is pixels. Every face is scaled to this before its sharpness is measured; otherwise a large picture would
seem blurred.
"""
_SECOND_FACE = 0.1
"""The value is the share of the area of the largest face; a smaller one is a pattern or a picture in the background."""
_FAIR_LIGHT = 110
_BRIGHT = 250
_LEAST_GROUND = 200
"""The unit is pixels."""


@dataclass(frozen=True)
class Light:
    """All values are grey values of the face, 0 to 255, unless stated.

    `clipped` is the share of pixels that are white without any drawing, `colour` the spread of the two colour axes,
    about 0 in a grey picture.
    """

    mean: float
    clipped: float
    difference: float
    colour: float


@dataclass(frozen=True)
class Ground:
    """Measures the background above the head and beside it, down to the chin.

    `lightness` is 0 for black and 100 for white, `spread` the greatest distance of 85 of 100 pixels from the middle
    value, of 255.
    """

    lightness: float
    spread: float


@dataclass(frozen=True)
class Measures:
    """Distances are pixels of the picture itself, shares those of its height or width; above 0 `off_centre` is too far
    right as the reader sees it. `sharpness` is the variance of the Laplacian of a face 200 pixels wide, made lighter
    where it is dark. `ground` is None where the face leaves no background to be seen.
    """

    faces: int
    eye_distance: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    pitch_ratio: float = 0.0
    face_share: float = 0.0
    off_centre: float = 0.0
    sharpness: float = 0.0
    light: Light | None = None
    ground: Ground | None = None

    def as_json(self) -> dict[str, object]:
        """Rounds the values for the record of the checks, which holds no picture."""
        names = ("eye_distance", "yaw", "roll", "pitch_ratio", "face_share", "off_centre", "sharpness")
        found: dict[str, object] = {"faces": self.faces} | {name: round(getattr(self, name), 3) for name in names}
        for name, part in (("light", self.light), ("ground", self.ground)):
            if part is not None:
                found[name] = {key: round(value, 3) for key, value in vars(part).items()}
        return found


def measure(image: Image) -> Measures:
    """Takes about 0.1 s, mostly for one detection."""
    found = engine.detect(image)
    if not found:
        return Measures(0)
    face = found[0]
    height, width = image.shape[:2]
    small, scale = _working_copy(image)
    cut = _cut(small, face, scale)
    return Measures(
        faces=sum(1 for one in found if one.area > _SECOND_FACE * face.area),
        eye_distance=face.eye_distance,
        yaw=face.yaw,
        roll=face.roll,
        pitch_ratio=face.pitch_ratio,
        face_share=face.height / height,
        off_centre=face.centre[0] / width - 0.5,
        sharpness=_sharpness(cut),
        light=_light(cut),
        ground=_ground(small, face, scale),
    )


def _working_copy(image: Image) -> tuple[Image, float]:
    import cv2  # noqa: PLC0415  heavy library

    scale = min(1.0, _WORKING_SIDE / max(image.shape[:2]))
    if scale == 1.0:
        return image, scale
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8), scale


def _cut(image: Image, face: Face, scale: float) -> Image:
    """Cuts out the face alone, at least one pixel, also where the detector has looked beyond the edge."""
    height, width = image.shape[:2]
    left, top = (min(max(0, int(at * scale)), end - 1) for at, end in ((face.x, width), (face.y, height)))
    right = max(left + 1, int((face.x + face.width) * scale))
    bottom = max(top + 1, int((face.y + face.height) * scale))
    return image[top:bottom, left:right]


def _sharpness(cut: Image) -> float:
    import cv2  # noqa: PLC0415  heavy library

    grey = cv2.cvtColor(cut, cv2.COLOR_BGR2GRAY).astype(np.float32)
    # Contrast falls with the light; without this a dark picture would be called blurred as well.
    grey *= max(1.0, _FAIR_LIGHT / max(1.0, float(grey.mean())))
    height = max(1, round(_FACE_WIDTH * grey.shape[0] / grey.shape[1]))
    level = cv2.resize(grey, (_FACE_WIDTH, height), interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(level, cv2.CV_32F).var())


def _light(cut: Image) -> Light:
    import cv2  # noqa: PLC0415  heavy library

    grey = cv2.cvtColor(cut, cv2.COLOR_BGR2GRAY)
    half = max(1, grey.shape[1] // 2)
    colours = _lab(cut).reshape(-1, 3)[:, 1:].std(axis=0)
    return Light(
        mean=float(grey.mean()),
        clipped=float((grey > _BRIGHT).mean()),
        difference=float(abs(grey[:, :half].mean() - grey[:, -half:].mean())),
        colour=math.hypot(*colours),
    )


def _ground(image: Image, face: Face, scale: float) -> Ground | None:
    height, width = image.shape[:2]
    x, y, wide, tall = (side * scale for side in (face.x, face.y, face.width, face.height))
    seen = np.zeros((height, width), bool)
    seen[: max(0, int(y + tall)), :] = True
    # The cut covers the head with its hair, and what stands above it as far as the hair may reach.
    seen[max(0, int(y - 0.65 * tall)) :, max(0, int(x - 0.55 * wide)) : max(0, int(x + 1.55 * wide))] = False
    pixels = _lab(image)[seen]
    if len(pixels) < _LEAST_GROUND:
        return None
    middle = np.median(pixels, axis=0)
    return Ground(
        lightness=float(middle[0]) * 100 / 255,
        spread=float(np.percentile(np.abs(pixels - middle).max(axis=1), 85)),
    )


def _lab(image: Image) -> NDArray[np.float32]:
    import cv2  # noqa: PLC0415  heavy library

    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2LAB), np.float32)
