"""Shows how an ID photo will stand on a certificate. The app of certificates, to the right, registers the drawing."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from common.files.images import id_photo_master
from common.registry import Registry

SAMPLES: Registry[Callable[[Person, bytes], bytes]] = Registry("drawing of an ID photo on a certificate")
"""`function(person, small version as JPEG)` answers with a PNG; there is one at most."""
NAME = "certificate"


def is_registered() -> bool:
    return NAME in SAMPLES


def draw(person: Person, photo: bytes) -> bytes:
    """`photo` is a master or a cut of its shape; certificates print the small version."""
    return SAMPLES[NAME](person, id_photo_master(photo).small)
