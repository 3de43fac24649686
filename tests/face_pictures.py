"""Photographs of two persons for the tests of faces: read from a package's source archive, never kept in this one."""

from __future__ import annotations

import os
import subprocess
import tarfile
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from accounts.faces import engine
from devtools.face_attacks import attacks, heads

ROOT = Path(__file__).parent.parent
_FOLDER = "face_recognition-1.3.0/tests/test_images/"
_ONE = ("obama.jpg", "obama2.jpg", "obama3.jpg", "obama_partial_face.jpg", "obama_partial_face2.jpg")
_OTHER = "biden.jpg"


@dataclass(frozen=True)
class FacePictures:
    one: tuple[bytes, ...] = field(repr=False)
    """Five pictures of the same person, the first frontal."""
    other: bytes = field(repr=False)
    """Somebody else, frontal."""

    def live(self, seed: int = 0) -> dict[str, list[bytes]]:
        """The one person turning the head before a camera; another seed is another recording (`devtools.face_attacks.heads`)."""
        return dict(_live(self.one[2], seed))

    @property
    def poses(self) -> dict[str, bytes]:
        """One frame for each movement, as for a service that looks at them elsewhere."""
        return {step: frames[0] for step, frames in self.live().items()}


@lru_cache(maxsize=16)
def _live(data: bytes, seed: int) -> attacks.Frames:
    return attacks.live(still(data), seed=seed)


@lru_cache(maxsize=8)
def still(data: bytes) -> heads.Still:
    return heads.still_of(engine.read(data))


def small(data: bytes, *, mirrored: bool = False, brighter: int = 0) -> bytes:
    """As large as a camera's frame. `brighter` makes frames of one picture differ, as those of a camera do."""
    image = ImageOps.contain(Image.open(BytesIO(data)).convert("RGB"), (480, 640))
    image = ImageOps.mirror(image) if mirrored else image
    if brighter:
        image = image.point(lambda value: min(255, value + brighter))
    stream = BytesIO()
    image.save(stream, "JPEG", quality=90)
    return stream.getvalue()


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
