"""Finds and compares faces on this machine with OpenCV's YuNet (detection) and SFace (comparison).

    image = faces.read(data)                      bytes of a JPEG or PNG → pixels, upright; raises UnreadableImage
    found = faces.detect(image)                   largest first
    faces.similarity(faces.embed(image, found[0]), other)

Nothing is loaded before the first call. Calls from several threads take turns.
"""

from .engine import Embedding, Image, UnreadableImage, detect, embed, read, similarity
from .geometry import Face, Point
from .model_files import MODELS, ModelFile, check_models

__all__ = [
    "MODELS",
    "Embedding",
    "Face",
    "Image",
    "ModelFile",
    "Point",
    "UnreadableImage",
    "check_models",
    "detect",
    "embed",
    "read",
    "similarity",
]
