"""Real keys of the demonstration CA, and the ways of signing a challenge with them."""

from __future__ import annotations

import base64
import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from django.conf import settings
from django.test import Client

from devtools.demo_keys.pki import CAKEY_CA, DemoPki, EnterpriseKey, ensure_demo_pki

LOGIN = "/enterprise/login/"
PIN = "246810"


@lru_cache(maxsize=32)
def issue(
    uscc: str,
    operator: str = "李会计",
    *,
    serial: int | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> EnterpriseKey:
    return DemoPki(settings.DEMO_PKI).issue_enterprise_key(
        uscc=uscc,
        enterprise_name="演示企业",
        operator_name=operator,
        pin=PIN,
        serial=serial,
        not_before=not_before,
        not_after=not_after,
    )


def foreign(directory: Path, uscc: str) -> EnterpriseKey:
    """From a CA of the same name that nobody trusts."""
    return ensure_demo_pki(directory / "foreign-pki").issue_enterprise_key(
        uscc=uscc, enterprise_name="演示企业", operator_name="李会计", pin=PIN
    )


def sign(key: EnterpriseKey, content: bytes, *, detached: bool = True) -> bytes:
    options = [pkcs7.PKCS7Options.Binary]
    if detached:
        options.append(pkcs7.PKCS7Options.DetachedSignature)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(key.certificate, key.key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, options)


def challenge_of(client: Client) -> str:
    """From the login page, as a person with a key tool takes it."""
    page = client.get(LOGIN).content.decode()
    match = re.search(r'name="challenge" value="([^"]+)"', page)
    assert match, page
    return match[1]


def answer(client: Client, key: EnterpriseKey, **others: str) -> Any:
    """A whole login by the key."""
    challenge = challenge_of(client)
    return client.post(LOGIN, form(challenge, sign(key, challenge.encode())) | others)


def form(challenge: str, der: bytes) -> dict[str, str]:
    return {"challenge": challenge, "signature": base64.b64encode(der).decode()}


def revoke(key: EnterpriseKey) -> None:
    DemoPki(settings.DEMO_PKI).revoke(key.certificate.serial_number, authority=CAKEY_CA)


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()
