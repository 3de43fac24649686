"""Renders a head that turns from one photograph, as a live recording for tests and measurements.

Depth, a room of its own, the light of the room and of a screen, gaze, and a sensor's noise are computed; skin relief
is set so that a turned face is as like the frontal one as in recordings of real persons. It is no recording: whoever
renders like this from a picture of somebody passes the checks of pictures, and only a certified service may detect
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from accounts.faces.engine import Image, detect
from accounts.faces.geometry import Face
from accounts.faces.light import COLOURS

WIDTH, HEIGHT = 480, 640
_EYES = 95
"""The unit is pixels between the eyes, as at arm's length."""
_WIDE, _HIGH, _DEEP = 1.2, 1.75, 1.3
"""The unit is eye distances; these are the half axes of the head."""
_NOSE = 0.35
_Map = NDArray[np.float32]


@dataclass(frozen=True)
class Still:
    """Holds one photograph, scaled to the size of a camera's frame."""

    image: Image
    face: Face


@dataclass(frozen=True)
class Pose:
    """`yaw` is in degrees, above 0 to the person's left, which is the right of the frame; `shift` in pixels, by which
    the telephone moved, so that room and head move by different amounts. `glow` is the share of the face's light that
    comes from the screen, 0 in daylight; `relief` is the strength of the skin's own relief in the light, 0 for a
    picture that is only warped.
    """

    yaw: float = 0.0
    shift: tuple[int, int] = (0, 0)
    colour: str = ""
    glow: float = 0.05
    relief: float = 1.0


def still_of(image: Image) -> Still:
    """Raises ValueError if there is no face."""
    import cv2  # noqa: PLC0415  heavy library

    found = detect(image)
    if not found:
        raise ValueError("no face in the photograph")
    face, scale = found[0], _EYES / found[0].eye_distance
    matrix = np.array(
        [
            [scale, 0, WIDTH / 2 - scale * face.nose[0]],
            [0, scale, 0.5 * HEIGHT - scale * face.nose[1]],
        ],
        np.float32,
    )
    if scale < 0.7:
        image = cast(Image, cv2.GaussianBlur(image, (0, 0), 0.35 / scale))
    frame = cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    placed = np.asarray(frame, np.uint8)
    return Still(placed, detect(placed)[0])


def photograph(still: Still, pose: Pose, rng: np.random.Generator, *, noise: float = 2.0, room: int = 1) -> Image:
    """Makes one frame of the camera."""
    x, _, depth = head_shape(still.face)
    turned, cover = _turn(_lit_skin(still, pose), x, depth, pose.yaw)
    turned = _screen_light(turned, pose)
    ground = _room(room, pose.shift)
    frame = ground + (turned - ground) * cover[..., None]
    frame = _moved(frame, pose.shift)
    return np.clip(frame + rng.normal(0, noise, frame.shape), 0, 255).astype(np.uint8)


def head_shape(face: Face) -> tuple[_Map, _Map, _Map]:
    """Answers for every pixel the distances right of, below and before the middle of the head, in eye distances."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    unit = np.float32(face.eye_distance)
    mouth = (face.mouth_right[1] + face.mouth_left[1]) / 2
    x = (columns - np.float32(face.eyes[0])) / unit
    y = (rows - np.float32(0.55 * face.eyes[1] + 0.45 * mouth)) / unit
    depth = _DEEP * np.sqrt(np.clip(1 - (x / _WIDE) ** 2 - (y / _HIGH) ** 2, 0, None))
    beside = (columns - np.float32(face.nose[0])) / unit
    below = (rows - np.float32(face.nose[1])) / unit
    bridge = np.where(below < 0, (below / 0.35) ** 2, (below / 0.14) ** 2)
    depth += _NOSE * np.exp(-((beside / 0.17) ** 2) / 2) * np.exp(-bridge / 2)
    return x, y, depth.astype(np.float32)


def _lit_skin(still: Still, pose: Pose) -> _Map:
    """The lamps are fixed: a head that turns moves through their light, and its pores throw other shadows."""
    import cv2  # noqa: PLC0415  heavy library

    skin = still.image.astype(np.float32)
    if not pose.relief:
        return skin
    angle = np.radians(pose.yaw)
    x, _, _ = head_shape(still.face)
    fine = cv2.cvtColor(still.image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    height = cv2.GaussianBlur(fine, (0, 0), 1.2) - cv2.GaussianBlur(fine, (0, 0), 6)
    slope = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) / 8
    own = np.random.default_rng(11 if pose.yaw > 0 else 12)  # one skin: the same in all frames of a side
    coarse = cv2.GaussianBlur(np.asarray(own.normal(0, 1, fine.shape), np.float32), (0, 0), 3) * 10
    shade = 1 + 0.25 * np.sin(angle) * np.clip(x, -1, 1)
    change = pose.relief * np.sin(abs(angle)) * (2.0 * np.sign(angle) * slope + 5.5 * coarse)
    return np.asarray(skin * shade[..., None] + change[..., None], np.float32)


def _turn(skin: _Map, x: _Map, depth: _Map, yaw: float) -> tuple[_Map, _Map]:
    """Turns row by row, as seen from far away: what lies behind the nose or beyond the cheek is hidden. Answers also
    where the head is.
    """
    import cv2  # noqa: PLC0415  heavy library

    turning = np.radians(yaw)
    unit = 1 / (x[0, 1] - x[0, 0])
    side = 1 if yaw >= 0 else -1
    lands = x * np.cos(turning) + (depth - 0.9) * np.sin(turning)
    on_head = depth > 0
    lands = np.where(on_head, lands, x)
    source = np.empty_like(x)
    columns = np.arange(WIDTH, dtype=np.float32)
    for row in range(HEIGHT):
        source[row] = _seen_from(lands[row][::side] * side, columns[::side], x[row][::side] * side)[::side]
    rows = np.repeat(np.arange(HEIGHT, dtype=np.float32)[:, None], WIDTH, axis=1)
    turned = cv2.remap(skin, source, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    body = (np.abs(x) < 0.75 + np.clip(rows / HEIGHT - 0.72, 0, 1) * 14) & (rows > 0.72 * HEIGHT)
    outline = ((x / 1.22) ** 2 + (((rows - HEIGHT * 0.47) / unit) / 1.95) ** 2 < 1) | body
    cover = cv2.GaussianBlur(outline.astype(np.float32), (0, 0), 3)
    return np.asarray(turned, np.float32), np.asarray(cover, np.float32)


def _seen_from(lands: _Map, columns: _Map, wanted: _Map) -> _Map:
    """Answers the source column of each wanted place of a row; a place is seen only if it lies beyond everything
    before it.
    """
    front = np.maximum.accumulate(lands)
    visible = np.concatenate([[True], lands[1:] > front[:-1] + 1e-6])
    return np.asarray(np.interp(wanted, lands[visible], columns[visible]), np.float32)


def _screen_light(frame: _Map, pose: Pose) -> _Map:
    if not pose.colour:
        return frame
    red, green, blue = COLOURS[pose.colour]
    lamp = np.array([blue, green, red], np.float32) / 160
    return np.asarray(frame * (1 - pose.glow + pose.glow * lamp), np.float32)


def _room(number: int, shift: tuple[int, int]) -> _Map:
    """Draws a wall with pictures and shelves that stands behind the head and moves less than it."""
    import cv2  # noqa: PLC0415  heavy library

    rng = np.random.default_rng(number)
    wall = np.empty((HEIGHT + 40, WIDTH + 40, 3), np.float32)
    wall[:] = rng.uniform(110, 200, 3)
    for _ in range(14):
        x, y = int(rng.integers(0, WIDTH)), int(rng.integers(0, HEIGHT))
        width, height = rng.integers(30, 140, 2)
        wall[y : y + height, x : x + width] = rng.uniform(40, 230, 3)
    soft = cv2.GaussianBlur(wall, (0, 0), 2)
    left, top = 20 - shift[0] // 2, 20 - shift[1] // 2
    return np.asarray(soft[top : top + HEIGHT, left : left + WIDTH], np.float32)


def _moved(frame: _Map, shift: tuple[int, int]) -> _Map:
    import cv2  # noqa: PLC0415  heavy library

    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    return np.asarray(cv2.warpAffine(frame, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE), np.float32)
