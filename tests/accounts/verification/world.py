"""A person with a real face on file, and what their phone sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from accounts.verification.consent import give_consent
from tests.face_pictures import FacePictures
from tests.factories import make_person


def make_faced(portrait: bytes, *, consent: bool = True, **fields: Any) -> Person:
    person = make_person(**fields)
    person.portrait.save("portrait.jpg", ContentFile(portrait))
    if consent:
        give_consent(person, by=person.user, now=timezone.now())
    return person


def challenge(client: Client, purpose: str = "verify") -> dict[str, Any]:
    answer = client.post("/m/face/challenge/", {"purpose": purpose})
    assert answer.status_code == 200, answer.text
    return answer.json()


def frames(poses: Mapping[str, bytes | list[bytes]], **changes: bytes | list[bytes]) -> dict[str, Any]:
    """As a browser posts them; one frame or several for each movement."""
    return {step: [_file(step, each) for each in _listed(data)] for step, data in {**poses, **changes}.items()}


def _listed(data: bytes | list[bytes]) -> list[bytes]:
    return data if isinstance(data, list) else [data]


def _file(step: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{step}.jpg", data, "image/jpeg")


def send(client: Client, pictures: FacePictures, address: str = "/m/verify/face/", **changes: Any) -> Any:
    """One whole attempt of the one person; `changes` replace fields of the post, `seed` takes another recording."""
    purpose = changes.pop("purpose", "verify")
    live = pictures.live(changes.pop("seed", 0))
    nonce = challenge(client, purpose)["nonce"]
    return client.post(address, {"nonce": nonce, **frames(live), **changes})
