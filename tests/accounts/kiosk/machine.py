"""A registration machine of the tests: signs with its own key and speaks through Django's test client."""

from __future__ import annotations

import base64
import json
import time
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.utils import timezone

from accounts.kiosk.services import create_device
from accounts.kiosk.signing import canonical
from accounts.models import KioskDevice
from accounts.people.rules import CardData
from administration.enums import OfficeKind
from administration.models import Office
from tests.accounts.cards import PORTRAIT, make_card
from tests.factories import make_office

REGISTRATIONS = "/api/kiosk/registrations/"


def public_text(private: Ed25519PrivateKey) -> str:
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()


def make_device(
    private: Ed25519PrivateKey, *, office: Office | None = None, valid_until: date | None = None
) -> KioskDevice:
    device, _ = create_device(
        name="东湖区政务大厅1号机",
        office=office or make_office("东湖区实名制登记点", kind=OfficeKind.REGISTRATION),
        public_key=public_text(private),
        valid_until=valid_until or timezone.localdate() + timedelta(days=365),
        by=None,
    )
    return device


def card_json(card: CardData) -> dict[str, Any]:
    return {
        "name": card.name,
        "id_number": card.id_number,
        "sex": card.sex,
        "ethnicity": card.ethnicity,
        "birth_date": card.birth_date.isoformat(),
        "address": card.address,
        "valid_from": card.valid_from.isoformat(),
        "valid_to": card.valid_to.isoformat() if card.valid_to else None,
    }


@dataclass
class Machine:
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    device: KioskDevice = field(init=False)

    def __post_init__(self) -> None:
        self.device = make_device(self.private)

    def headers(self, method: str, path: str, body: bytes, **changes: Any) -> dict[str, str]:
        values = {
            "key_id": self.device.key_id,
            "timestamp": str(int(time.time())),
            "nonce": uuid.uuid4().hex,
        } | changes
        message = canonical(method=method, path=path, body=body, **values)
        return {
            "X-Kiosk-Key": values["key_id"],
            "X-Kiosk-Timestamp": values["timestamp"],
            "X-Kiosk-Nonce": values["nonce"],
            "X-Kiosk-Signature": base64.b64encode(self.private.sign(message)).decode(),
        }

    def send(self, method: str, path: str, body: bytes = b"", **changes: Any) -> Any:
        headers = self.headers(method, path, body, **changes)
        return Client().generic(method, path, body, content_type="application/json", headers=headers)

    def body(self, *, request_id: str | None = None, portrait: bytes = PORTRAIT, **card: Any) -> dict[str, Any]:
        return {
            "request_id": request_id or str(uuid.uuid4()),
            "office": self.device.office_id,
            "card": card_json(make_card(**card)),
            "portrait": base64.b64encode(portrait).decode(),
        }

    def post(self, body: dict[str, Any], path: str = REGISTRATIONS) -> Any:
        return self.send("POST", path, json.dumps(body).encode())

    def register(self, **given: Any) -> Any:
        return self.post(self.body(**given))
