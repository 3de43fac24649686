"""A camera for the browser that shows a person who turns the head as the page asks: rendered poses, drawn by `camera.js`."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import BrowserContext

from accounts.faces.engine import Image
from accounts.verification.messages import STEP_WORDS
from devtools.face_attacks import attacks, heads
from tests.face_pictures import face_pictures, still

SIZE = (640, 480)
_SCRIPT = Path(__file__).with_name("camera.js")


def put_person_before(context: BrowserContext) -> None:
    """In every page of this context the camera is the one person's; no two frames are ever alike."""
    person = {"width": SIZE[0], "height": SIZE[1], "words": STEP_WORDS, "poses": _poses()}
    context.add_init_script(f"{_SCRIPT.read_text('utf-8')}({json.dumps(person)});")


@lru_cache(maxsize=1)
def _poses() -> dict[str, str]:
    """For each movement the picture of a head that has done it."""
    person, rng = still(face_pictures().one[2]), np.random.default_rng(2)
    pictures = {step: _wide(attacks.rendered(person, step, rng)) for step in STEP_WORDS}
    return {step: b64encode(attacks.jpeg(picture, 95)).decode() for step, picture in pictures.items()}


def _wide(frame: Image) -> Image:
    """The middle of an upright frame, with more wall to both sides."""
    rows, columns = (heads.HEIGHT - SIZE[1]) // 2, (SIZE[0] - heads.WIDTH) // 2
    middle = frame[rows : rows + SIZE[1]]
    return np.asarray(cv2.copyMakeBorder(middle, 0, 0, columns, columns, cv2.BORDER_REPLICATE), np.uint8)
