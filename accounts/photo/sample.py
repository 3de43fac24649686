"""How an ID photo will stand on a certificate. Certificates are to the right of accounts: they bring the drawing.

In the app's `AppConfig.ready`: `photo_sample.register(function)`, function(person, small version as JPEG) -> PNG.
"""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from common.files.images import id_photo_master

Sample = Callable[[Person, bytes], bytes]

_samples: list[Sample] = []


def register(sample: Sample) -> None:
    if sample not in _samples:
        _samples.append(sample)


def is_registered() -> bool:
    return bool(_samples)


def draw(person: Person, photo: bytes) -> bytes:
    """`photo` is a master or a cut of its shape; certificates print the small version."""
    return _samples[-1](person, id_photo_master(photo).small)
