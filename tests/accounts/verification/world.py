"""A person with a real face on file, and what their phone sends."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from accounts.services import give_consent
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


def frames(poses: dict[str, bytes], **changes: bytes) -> dict[str, SimpleUploadedFile]:
    return {step: SimpleUploadedFile(f"{step}.jpg", data, "image/jpeg") for step, data in (poses | changes).items()}


def send(client: Client, pictures: FacePictures, address: str = "/m/verify/face/", **changes: Any) -> Any:
    """One whole attempt of the one person; `changes` replace fields of the post."""
    purpose = changes.pop("purpose", "verify")
    nonce = challenge(client, purpose)["nonce"]
    return client.post(address, {"nonce": nonce, **frames(pictures.poses), **changes})
