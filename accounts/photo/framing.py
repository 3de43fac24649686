"""Computes by the face where an ID photo has to be cut out of a larger picture."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from accounts.faces import engine
from accounts.faces.geometry import Face
from common.files.images import ASPECT, MASTER_SIZE

from .crop_box import Crop

_FACE_SHARE = 0.42
"""The value is the share of the height from the forehead to the chin; with hair and neck the head then takes two
thirds, as printed.
"""
_UPRIGHT = 45
"""The unit is degrees. Beyond that another quarter turn brings the face nearer to upright."""
_SURE = 0.9
"""The detector gives an upright face 0.92 or more; it takes one upside down for upright and gives it 0.89 at most."""
_MARGIN = 0.04
"""The turned picture has to be better by this score; differences of 0.06 to 0.15 were measured."""
_EYE_LINE = 0.44


@dataclass(frozen=True)
class Upright:
    """Holds a picture as a file and as pixels; `degrees` says how far it was turned to the left, 0 mostly."""

    data: bytes
    image: engine.Image
    degrees: int = 0


def frame(data: bytes) -> Crop:
    """Frames the largest face, or the middle where there is none. Raises engine.UnreadableImage."""
    return framed_in(engine.read(data))


def framed_in(image: engine.Image) -> Crop:
    height, width = image.shape[:2]
    found = engine.detect(image)
    return framed(found[0], width, height) if found else Crop.centred(width, height)


def upright(data: bytes) -> Upright:
    """Turns the picture until its face stands upright.

    It is turned only where the detector sees the face better in a turned picture: many programs drop what the camera noted
    about its position.
    Raises engine.UnreadableImage.
    """
    image = engine.read(data)
    as_it_came = _best_score(image)
    if as_it_came >= _SURE:
        return Upright(data, image)
    scores = {quarters: _best_score(turned(image, quarters)) for quarters in (1, 2, 3)}
    quarters = max(scores, key=lambda one: scores[one])
    if scores[quarters] <= as_it_came + _MARGIN:
        return Upright(data, image)
    stream = BytesIO()
    standing = turned(image, quarters)
    Image.fromarray(standing[:, :, ::-1]).save(stream, "JPEG", quality=95)
    return Upright(stream.getvalue(), standing, 90 * quarters)


def turned(image: engine.Image, quarters: int) -> engine.Image:
    """Turns a picture to the left."""
    return np.ascontiguousarray(np.rot90(image, quarters))


def _best_score(image: engine.Image) -> float:
    """Answers the best score of faces that stand upright, or 0 where there is none."""
    return max((face.score for face in engine.detect(image) if abs(face.roll) < _UPRIGHT), default=0.0)


def framed(face: Face, width: int, height: int) -> Crop:
    """Comes as near to the measures as the picture allows: the box never leaves it and never gets too small to print."""
    box_height = max(face.height / _FACE_SHARE, MASTER_SIZE[1])
    box_height = min(box_height, height, width / ASPECT)
    return Crop.around(width, height, face.centre[0], face.eyes[1] + (0.5 - _EYE_LINE) * box_height, box_height)
