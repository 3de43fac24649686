"""Photographs of two persons for the tests of faces: read from a package's source archive, never kept in this one."""

from __future__ import annotations

import os
import subprocess
import tarfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_FOLDER = "face_recognition-1.3.0/tests/test_images/"
_ONE = ("obama.jpg", "obama2.jpg", "obama3.jpg", "obama_partial_face.jpg", "obama_partial_face2.jpg")
_OTHER = "biden.jpg"


@dataclass(frozen=True)
class FacePictures:
    one: tuple[bytes, ...]
    """Five pictures of the same person, the first frontal."""
    other: bytes
    """Somebody else, frontal."""


@lru_cache(maxsize=1)
def face_pictures() -> FacePictures:
    """Skips the test where the archive cannot be had; with CI=true that is a failure."""
    fetched = subprocess.run([ROOT / ".ci" / "faces"], capture_output=True, text=True, check=False, cwd=ROOT)
    if fetched.returncode:
        reason = f"the test pictures cannot be fetched (.ci/faces): {fetched.stderr.strip()[-300:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with tarfile.open(ROOT / fetched.stdout.strip()) as archive:

        def picture(name: str) -> bytes:
            member = archive.extractfile(_FOLDER + name)
            assert member is not None
            return member.read()

        return FacePictures(tuple(picture(name) for name in _ONE), picture(_OTHER))
