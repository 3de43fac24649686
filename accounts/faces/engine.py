"""Loads the detector and the recogniser on first use. OpenCV's objects hold state, so they serve one caller at a
time.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from django.core.exceptions import ValidationError
from numpy.typing import NDArray
from PIL import Image as Pictures

from common.files.images import NOT_JUDGED, clean_image

from .geometry import Face
from .model_files import DETECTOR, RECOGNISER, checked_bytes

if TYPE_CHECKING:
    import cv2

Image: TypeAlias = NDArray[np.uint8]
"""The axes are rows, columns, and blue, green, red."""
Embedding: TypeAlias = NDArray[np.float32]
"""The vector of 128 numbers has length 1."""

_WORKING_SIDE = 640
"""The unit is pixels. A larger picture is searched and compared at this size; the thresholds were measured with it."""
_MAX_SIDE = 3000
_MIN_SCORE = 0.7
_OVERLAP = 0.3
_CANDIDATES = 500

_lock = threading.Lock()


class UnreadableImage(ValueError):
    """The message is a sentence for people."""


class NotLookedAt(UnreadableImage):
    """The picture may be good: the time of the request, or the machine, did not suffice for it."""


@dataclass(frozen=True)
class _Engine:
    detector: cv2.FaceDetectorYN
    recogniser: cv2.FaceRecognizerSF


@lru_cache(maxsize=1)
def _engine() -> _Engine:
    import cv2  # noqa: PLC0415  heavy library

    # One thread for each verification: several at once would otherwise fight for the cores of the web server.
    cv2.setNumThreads(1)
    no_config = np.empty(0, np.uint8)
    detector = np.frombuffer(checked_bytes(DETECTOR), np.uint8)
    recogniser = np.frombuffer(checked_bytes(RECOGNISER), np.uint8)
    return _Engine(
        cv2.FaceDetectorYN.create("onnx", detector, no_config, (320, 320), _MIN_SCORE, _OVERLAP, _CANDIDATES),
        cv2.FaceRecognizerSF.create("onnx", recogniser, no_config),
    )


def read(data: bytes) -> Image:
    """The picture is upright and without metadata. Raises UnreadableImage or NotLookedAt."""
    try:
        clean = clean_image(data, max_side=_MAX_SIDE, quality=95)
    except ValidationError as error:
        kind = NotLookedAt if getattr(error, "code", None) in NOT_JUDGED else UnreadableImage
        raise kind(error.messages[0]) from error
    with Pictures.open(BytesIO(clean)) as picture:
        return np.ascontiguousarray(np.asarray(picture, np.uint8)[:, :, ::-1])


def detect(image: Image) -> list[Face]:
    """Answers every face that the detector is sure of, the largest first."""
    with _lock:
        engine = _engine()
        small, scale = _working_copy(image)
        engine.detector.setInputSize((small.shape[1], small.shape[0]))
        rows: Any = engine.detector.detect(small)[1]
    found = [] if rows is None else [_face(row, scale) for row in rows]
    return sorted(found, key=lambda face: face.area, reverse=True)


def embed(image: Image, face: Face) -> Embedding:
    """Turns the face upright by its landmarks, cuts it out and lets SFace describe it."""
    with _lock:
        engine = _engine()
        small, scale = _working_copy(image)
        aligned = engine.recogniser.alignCrop(small, _row(face, scale))
        # A copy: the recogniser hands out its own buffer, which the next face overwrites.
        vector = np.array(engine.recogniser.feature(aligned), np.float32).ravel()
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length, np.float32)


def similarity(one: Embedding, other: Embedding) -> float:
    """Answers the cosine, -1 to 1; two pictures of one person are nearly always above 0.45."""
    return float(one @ other)


def _working_copy(image: Image) -> tuple[Image, float]:
    """Answers the copy and its scale."""
    import cv2  # noqa: PLC0415  heavy library

    scale = _WORKING_SIDE / max(image.shape[:2])
    if scale >= 1:
        return image, 1.0
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), scale


def _face(row: Any, scale: float) -> Face:
    numbers = [float(value) / scale for value in row[:14]]
    x, y, width, height = numbers[:4]
    points = [(numbers[at], numbers[at + 1]) for at in range(4, 14, 2)]
    right_eye, left_eye, nose, mouth_right, mouth_left = points
    return Face(x, y, width, height, right_eye, left_eye, nose, mouth_right, mouth_left, float(row[14]))


def _row(face: Face, scale: float) -> NDArray[np.float32]:
    points = (face.right_eye, face.left_eye, face.nose, face.mouth_right, face.mouth_left)
    numbers = [face.x, face.y, face.width, face.height, *(value for point in points for value in point)]
    return np.array([*(value * scale for value in numbers), face.score], np.float32)
