"""Chooses the face verification provider by `settings.FACE_PROVIDER`."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from .contract import FaceVerifier
from .http import HttpVerifier, PageVerifier
from .local import LocalVerifier

PROVIDERS: Mapping[str, type[FaceVerifier]] = {"local": LocalVerifier, "http": HttpVerifier, "page": PageVerifier}


def verifier() -> FaceVerifier:
    return PROVIDERS[settings.FACE_PROVIDER]()
