"""Computes by the face where an ID photo has to be cut out of a larger picture."""

from __future__ import annotations

from accounts.faces import engine
from accounts.faces.geometry import Face
from common.files.images import ASPECT, MASTER_SIZE

from .crop_box import Crop

_FACE_SHARE = 0.42
"""The value is the share of the height from the forehead to the chin; with hair and neck the head then takes two
thirds, as printed.
"""
_EYE_LINE = 0.44


def frame(data: bytes) -> Crop:
    """Frames the largest face, or the middle where there is none. Raises engine.UnreadableImage."""
    image = engine.read(data)
    height, width = image.shape[:2]
    found = engine.detect(image)
    return framed(found[0], width, height) if found else Crop.centred(width, height)


def framed(face: Face, width: int, height: int) -> Crop:
    """Comes as near to the measures as the picture allows: the box never leaves it and never gets too small to print."""
    box_height = max(face.height / _FACE_SHARE, MASTER_SIZE[1])
    box_height = min(box_height, height, width / ASPECT)
    return Crop.around(width, height, face.centre[0], face.eyes[1] + (0.5 - _EYE_LINE) * box_height, box_height)
