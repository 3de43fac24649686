"""A camera for Chromium that plays a person turning their head: still photographs, one after the other."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from accounts import faces
from tests.face_pictures import FacePictures

SIZE = (640, 480)
RATE = 30
"""Frames a second; Chromium plays such a file at this rate, whatever it holds."""
POSE = 20
"""Frames: two thirds of a second each, so that the page sees every pose within each of its movements."""
_PERSPECTIVE = 0.15
SECONDS = 48
"""Longer than a challenge takes, so that no frame comes twice: the server refuses repeated ones."""


def record(pictures: FacePictures, target: Path) -> Path:
    """Ahead, to the right, to the left, and again. The left is the right one mirrored, as no photograph shows it."""
    ahead, right = _face_of(pictures.one[0]), _turned_further(_face_of(pictures.one[1]))
    poses = [ahead, right, right.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    with target.open("wb") as file:
        for number in range(SECONDS * RATE):
            file.write(_frame(poses[number // POSE % len(poses)], number))
    return target


def _face_of(data: bytes) -> Image.Image:
    """As near as a person holds a telephone."""
    image = faces.read(data)
    face = faces.detect(image)[0]
    side = face.height * 1.9
    x, y = face.centre
    picture = Image.fromarray(np.ascontiguousarray(image[:, :, ::-1]))
    box = (round(x - side / 2), round(y - side / 2), round(x + side / 2), round(y + side / 2))
    near = picture.crop(box).resize((SIZE[1], SIZE[1]), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", SIZE, (120, 125, 130))
    ground.paste(near, ((SIZE[0] - SIZE[1]) // 2, 0))
    return ground


def _turned_further(picture: Image.Image) -> Image.Image:
    """The photograph's 14 degrees lie close to the 12 that are asked for: the perspective of a nearer camera adds some."""
    middle, strength = SIZE[0] / 2, _PERSPECTIVE / SIZE[1]
    # Source x = (x - strength·middle²) / (1 - strength·middle + strength·x) up to scale, with the middle staying in its place.
    base = 1 - strength * middle
    coefficients = (1 / base, 0, -strength * middle * middle / base, 0, 1 / base, 0, strength / base, 0)
    return picture.transform(SIZE, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)


def _frame(pose: Image.Image, number: int) -> bytes:
    """A mark in the corner stands for the noise of a sensor: no two frames are equal."""
    frame = pose.copy()
    mark = (number % 16 * 16, number // 16 % 16 * 16, number // 256 * 16)
    ImageDraw.Draw(frame).rectangle((0, 0, 31, 31), fill=mark)
    stream = BytesIO()
    frame.save(stream, "JPEG", quality=85)
    return stream.getvalue()
