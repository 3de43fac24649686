"""ID photos for tests: the faces of `face_pictures` before a white wall. Made at test time, never kept here."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from accounts.faces import engine
from accounts.faces.geometry import Face
from accounts.photo import framing
from common.files.images import crop_to_aspect

from .face_pictures import face_pictures

WALL = 242
"""Grey value of the ground."""


def jpeg(pixels: engine.Image, quality: int = 93) -> bytes:
    stream = BytesIO()
    Image.fromarray(pixels[:, :, ::-1]).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


@lru_cache(maxsize=1)
def wide_photo() -> bytes:
    """A person before a white wall with much room around, 1200×1200: to be cropped."""
    image = engine.read(face_pictures().one[0])
    face = engine.detect(image)[0]
    image = _before_a_wall(image, face)
    side = 1200
    scale = side * 0.25 / face.height
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    page = np.full((side, side, 3), WALL, np.uint8)
    left = round(side / 2 - face.centre[0] * scale)
    bottom = min(side, small.shape[0] + 250)
    top = bottom - small.shape[0]
    page[max(0, top) : bottom, left : left + small.shape[1]] = small[max(0, -top) :]
    return jpeg(page)


@lru_cache(maxsize=1)
def good_photo() -> bytes:
    """25:35, passes every check."""
    data = wide_photo()
    return crop_to_aspect(data, framing.frame(data).box)


def _before_a_wall(image: engine.Image, face: Face) -> engine.Image:
    """By GrabCut with a fixed seed: what is certainly the head and the shoulders, what is certainly not, and between."""
    height, width = image.shape[:2]
    x, y, wide, tall = (round(side) for side in (face.x, face.y, face.width, face.height))
    mask = np.full((height, width), cv2.GC_BGD, np.uint8)
    middle = x + wide // 2, y + round(0.42 * tall)
    cv2.ellipse(mask, middle, (round(0.68 * wide), round(0.68 * tall)), 0, 0, 360, cv2.GC_PR_FGD, -1)
    mask[y + round(1.25 * tall) :, max(0, x - wide) : x + 2 * wide] = cv2.GC_PR_FGD
    mask[y + tall : y + round(1.25 * tall), x : x + wide] = cv2.GC_PR_FGD
    cv2.ellipse(mask, (middle[0], y + tall // 2), (round(0.4 * wide), round(0.45 * tall)), 0, 0, 360, cv2.GC_FGD, -1)
    cv2.setRNGSeed(7)
    cv2.grabCut(image, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    inside = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.float32)
    soft = cv2.GaussianBlur(inside, (0, 0), 1.5)[:, :, None]
    return np.asarray(image * soft + WALL * (1 - soft), np.uint8)
