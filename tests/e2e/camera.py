"""A camera for Chromium that plays a person turning their head: rendered poses, in a hand that is never quite still."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, cycle, islice
from math import cos, sin
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from accounts.faces.engine import Image
from devtools.face_attacks import attacks, heads
from tests.face_pictures import FacePictures, still

SIZE = (640, 480)
RATE = 30
"""Frames a second; Chromium plays such a file at this rate, whatever it holds."""
HOLDS = (20, 11, 16, 13, 18, 9, 15)
"""Frames for which a pose is held, in turn: uneven, so that no rhythm of the page's own looks misses one of the poses."""
SECONDS = 48
"""Longer than a challenge takes, so that no frame comes twice: the server refuses repeated ones."""


def record(pictures: FacePictures, target: Path, *, seed: int = 2) -> Path:
    """Ahead, to the right, to the left, and again; another seed is another moment before the camera."""
    person, rng = still(pictures.one[2]), np.random.default_rng(seed)
    poses = [_wide(attacks.rendered(person, step, rng)) for step in ("front", "turn_right", "turn_left")]
    grain = [rng.normal(0, 2, (SIZE[1], SIZE[0], 1)).astype(np.float32) for _ in range(7)]
    with target.open("wb") as file:
        for number, turn in enumerate(_turns(SECONDS * RATE)):
            file.write(_frame(poses[turn % len(poses)], number, grain[number % len(grain)]))
    return target


def _turns(frames: int) -> Iterator[int]:
    """For each frame, which turn of the head it belongs to."""
    holds = cycle(HOLDS)
    turns = (turn for turn in count() for _ in range(next(holds)))
    return islice(turns, frames)


def _wide(frame: Image) -> Image:
    """The middle of an upright frame, with more wall to both sides."""
    rows, columns = (heads.HEIGHT - SIZE[1]) // 2, (SIZE[0] - heads.WIDTH) // 2
    middle = frame[rows : rows + SIZE[1]]
    return np.asarray(cv2.copyMakeBorder(middle, 0, 0, columns, columns, cv2.BORDER_REPLICATE), np.uint8)


def _frame(pose: Image, number: int, grain: NDArray[np.float32]) -> bytes:
    matrix = np.array([[1, 0, 4 * sin(number / 9)], [0, 1, 3 * cos(number / 7)]], np.float32)
    moved = cv2.warpAffine(pose, matrix, SIZE, borderMode=cv2.BORDER_REPLICATE).astype(np.float32) + grain
    return attacks.jpeg(np.clip(moved, 0, 255).astype(np.uint8), 88)
