"""Uses private keys that stay on a PKCS#11 token: USB keys of enterprises, the HSM of the issuing authority.

Addresses of RFC 7512 name them: `pkcs11:token=…;object=…?module-path=/usr/lib/…so&pin-source=file:/etc/…/pin`
(`id=%01` beside or instead of `object`; `pin-value` for trials).
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .der import ECDSA_WITH_SHA256, SHA256_WITH_RSA, verify_signature

SCHEME = "pkcs11:"


class TokenError(Exception):
    """The token cannot be used; the message names the cause and never the PIN."""


@dataclass(frozen=True)
class TokenAddress:
    module: str
    token: str
    object_label: str = ""
    object_id: bytes = b""
    pin_file: str = ""
    pin_value: str = ""

    @classmethod
    def parse(cls, text: str) -> TokenAddress:
        """Raises ValueError."""
        if not text.startswith(SCHEME):
            raise ValueError("a PKCS#11 address begins with pkcs11:")
        path, _, query = text.removeprefix(SCHEME).partition("?")
        parts = dict(part.partition("=")[::2] for part in path.split(";") if part)
        options = dict(parse_qsl(query.replace("+", "%2B")))
        address = cls(
            module=options.get("module-path", ""),
            token=unquote(parts.get("token", "")),
            object_label=unquote(parts.get("object", "")),
            object_id=unquote_to_bytes(parts.get("id", "")),
            pin_file=options.get("pin-source", "").removeprefix("file:"),
            pin_value=options.get("pin-value", ""),
        )
        if not address.module or not address.token or not (address.object_label or address.object_id):
            raise ValueError("a PKCS#11 address names token, object or id, and module-path")
        return address

    def pin(self) -> str:
        return Path(self.pin_file).read_text().strip() if self.pin_file else self.pin_value


_lock = threading.RLock()
"""A token serves one caller at a time, and sessions of the C library are not thread-safe."""
_sessions: dict[tuple[str, str], pkcs11.Session] = {}
"""Each token has one session, because a process that is logged in cannot log in again."""
_wrong_pins: dict[tuple[str, str], str] = {}
"""PINs that a token has refused are not tried again, because a few jobs would lock the token."""


def _open(token: pkcs11.Token, pin: str) -> pkcs11.Session:
    try:
        return token.open(user_pin=pin)
    except pkcs11.UserAlreadyLoggedIn:
        # The login belongs to the process and not to the session, and another session still exists.
        return token.open()


class TokenKey:
    """Is a `SigningKey` on a token, RSA or P-256, always with SHA-256. Raises `TokenError`."""

    def __init__(self, address: TokenAddress, pin: str | None = None) -> None:
        self._address = address
        self._pin = pin
        kind = self._with_key(lambda key: key.key_type)
        if kind not in (pkcs11.KeyType.RSA, pkcs11.KeyType.EC):
            raise TokenError("the key on the token is neither RSA nor elliptic curve")
        self._is_rsa = kind is pkcs11.KeyType.RSA
        self.algorithm = SHA256_WITH_RSA if self._is_rsa else ECDSA_WITH_SHA256

    def sign(self, data: bytes) -> bytes:
        if self._is_rsa:
            return bytes(self._with_key(lambda key: key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)))
        # Few tokens hash for elliptic curves, so the digest is signed as it is, and the signature comes back as two
        # numbers.
        digest = hashlib.sha256(data).digest()
        raw = bytes(self._with_key(lambda key: key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)))
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))

    def belongs_to(self, certificate: x509.Certificate) -> bool:
        """Tries a signature, because many tokens keep no public key."""
        data = b"does this key belong to the certificate?"
        try:
            verify_signature(certificate, self.sign(data), data, hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True

    def certificates(self) -> list[x509.Certificate]:
        """Answers the certificates that the token keeps beside the key, under its id or label."""
        with _lock:
            try:
                found = list(self._session().get_objects(self._attributes(pkcs11.ObjectClass.CERTIFICATE)))
                return [x509.load_der_x509_certificate(item[pkcs11.Attribute.VALUE]) for item in found]
            except (pkcs11.PKCS11Error, ValueError) as error:
                raise TokenError(f"the certificate on the token cannot be read: {type(error).__name__}") from error

    def _with_key(self, use: Callable[[Any], Any]) -> Any:
        with _lock:
            try:
                return use(self._find())
            except TokenError:
                raise
            except pkcs11.PKCS11Error:
                # The old session is invalid after the token was plugged in again or the HSM was restarted.
                self._forget_session()
            try:
                return use(self._find())
            except pkcs11.PKCS11Error as error:
                raise TokenError(f"the token {self._address.token!r} fails: {type(error).__name__}") from error

    def _find(self) -> Any:
        found = list(self._session().get_objects(self._attributes(pkcs11.ObjectClass.PRIVATE_KEY)))
        if len(found) != 1:
            raise TokenError(f"the token {self._address.token!r} holds {len(found)} keys of that name, not one")
        return found[0]

    def _attributes(self, kind: pkcs11.ObjectClass) -> dict[pkcs11.Attribute, object]:
        wanted: dict[pkcs11.Attribute, object] = {pkcs11.Attribute.CLASS: kind}
        if self._address.object_label:
            wanted[pkcs11.Attribute.LABEL] = self._address.object_label
        if self._address.object_id:
            wanted[pkcs11.Attribute.ID] = self._address.object_id
        return wanted

    def _session(self) -> pkcs11.Session:
        place = (self._address.module, self._address.token)
        if place in _sessions:
            return _sessions[place]
        try:
            pin = self._pin if self._pin is not None else self._address.pin()
        except OSError as error:
            raise TokenError(f"the file with the PIN cannot be read: {type(error).__name__}") from error
        if _wrong_pins.get(place) == pin:
            raise TokenError("the PIN is wrong; it is not tried again, so that the token is not locked")
        try:
            token = pkcs11.lib(self._address.module).get_token(token_label=self._address.token)
            _sessions[place] = _open(token, pin)
        except (pkcs11.PinIncorrect, pkcs11.PinLocked) as error:
            _wrong_pins[place] = pin
            raise TokenError("the PIN is wrong or the token is locked") from error
        except pkcs11.NoSuchToken as error:
            raise TokenError(f"the token {self._address.token!r} is not there") from error
        except (RuntimeError, pkcs11.PKCS11Error) as error:
            raise TokenError(f"the token cannot be opened: {type(error).__name__}") from error
        return _sessions[place]

    def _forget_session(self) -> None:
        session = _sessions.pop((self._address.module, self._address.token), None)
        if session is not None:
            with contextlib.suppress(pkcs11.PKCS11Error):  # it was dead already
                session.close()
