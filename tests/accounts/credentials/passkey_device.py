"""A device that keeps one passkey, as a telephone does: it signs what a page's script passes to it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ORIGIN = "http://testserver"
FLAG = AuthenticatorData.FLAG
VERIFIED = FLAG.UP | FLAG.UV


class Device:
    def __init__(self, *, origin: str = ORIGIN, flags: FLAG = VERIFIED, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = sha256(self.key.public_key().public_numbers().x.to_bytes(32, "big")).digest()
        self.origin, self.flags, self.counts, self.counter = origin, flags, counts, 0

    def held(self) -> AttestedCredentialData:
        public_key = ES256.from_cryptography_key(self.key.public_key())
        return AttestedCredentialData.create(Aaguid(b"\0" * 16), self.credential_id, public_key)

    def create(self, options: dict[str, Any]) -> str:
        flags, domain = self.flags | FLAG.AT, self._domain(options["rp"]["id"])
        said = AuthenticatorData.create(domain, flags, self.counter, self.held())
        client_data = self._client_data("webauthn.create", options)
        return self._answer(client_data, attestationObject=AttestationObject.create("none", said, {}))

    def get(self, options: dict[str, Any]) -> str:
        self.counter += self.counts
        said = AuthenticatorData.create(self._domain(options["rpId"]), self.flags, self.counter)
        client_data = self._client_data("webauthn.get", options)
        signature = self.key.sign(said + client_data.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(client_data, authenticatorData=said, signature=signature)

    def add_to(self, client: Client, **fields: str) -> Any:
        """Goes through the page of a person who is verified."""
        challenge = client.post("/security/passkeys/challenge/")
        answer = self.create(challenge.json()["publicKey"]) if challenge.status_code == 200 else "{}"
        return client.post("/security/passkeys/add/", {"name": "工地手机", "answer": answer, **fields})

    def verify(self, client: Client, **fields: str) -> Any:
        challenge = client.post("/m/verify/passkey/challenge/")
        assert challenge.status_code == 200, challenge.content
        return client.post("/m/verify/passkey/", {"answer": self.get(challenge.json()["publicKey"]), **fields})

    @staticmethod
    def _domain(rp_id: str) -> bytes:
        return sha256(rp_id.encode()).digest()

    def _client_data(self, kind: str, options: dict[str, Any]) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(options["challenge"]), self.origin)

    def _answer(self, client_data: CollectedClientData, **parts: bytes) -> str:
        name = websafe_encode(self.credential_id)
        response = {"clientDataJSON": client_data, **parts}
        texts = {key: websafe_encode(bytes(value)) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": texts})
