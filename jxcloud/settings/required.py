"""Reads the settings that production needs. It refuses to start and names everything that is missing at once."""

from __future__ import annotations

import base64
import binascii
import itertools
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from common.pki.token_key import TokenAddress

from .database_url import DatabaseUrl
from .demonstration import demonstration_complaints

SECRET_LENGTH = 50
KEY_BYTES = 32
REFERENCE_LENGTH = 6
"""The unit is characters: `yes`, `true` and `1` name no document."""
NONE = "none"


class Required:
    """Reads the environment and collects complaints; `check()` raises them together."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._complaints: list[str] = []

    def text(self, name: str) -> str:
        value = self._environment.get(name, "").strip()
        if not value:
            self._complain(name, "is not set")
        return value

    def names(self, name: str) -> list[str]:
        return [entry.strip() for entry in self.text(name).split(",") if entry.strip()]

    def choice(self, name: str, choices: Collection[str]) -> str:
        value = self.text(name)
        if value and value not in choices:
            self._complain(name, f"must be one of {', '.join(choices)}")
        return value

    def choice_or_none(self, name: str, choices: Collection[str]) -> str:
        return self.choice(name, choices) if self._environment.get(name, "").strip() else ""

    def smtp(self, name: str) -> str:
        """Answers an address that can be read in any case: what is wrong with it is told by `check`."""
        value = self.text(name)
        if value and not value.startswith(("smtp+tls://", "smtp+ssl://")):
            self._complain(name, "must begin with smtp+tls:// or smtp+ssl://")
            return "smtp+tls://localhost"
        return value or "smtp+tls://localhost"

    def secret(self, name: str) -> str:
        value = self.text(name)
        if value and (len(value) < SECRET_LENGTH or len(set(value)) < 10 or _repeats(value)):
            self._complain(name, f"is too easy to guess: at least {SECRET_LENGTH} random characters")
        return value

    def reference(self, name: str) -> str:
        """Answers the reference of a document by which something is allowed; `none` says on purpose that there is
        none.
        """
        value = self.text(name)
        if value.lower() == NONE:
            return ""
        if value and (len(value) < REFERENCE_LENGTH or not any(character.isdigit() for character in value)):
            self._complain(name, f"must be the number of a document, or {NONE}")
        return value

    def absent(self, name: str, why: str) -> None:
        if self._environment.get(name, "").strip().lower() not in ("", NONE):
            self._complain(name, why)

    def keys(self, name: str) -> list[str]:
        values = self.names(name)
        for value in values:
            if not _is_key(value):
                self._complain(name, f"must be base64 of {KEY_BYTES} random bytes")
        return values

    def key(self, name: str) -> str:
        value = self.text(name)
        if value and not _is_key(value):
            self._complain(name, f"must be base64 of {KEY_BYTES} random bytes")
        return value

    def file(self, name: str) -> str:
        value = self.text(name)
        self._complain_unless_file(name, value)
        return value

    def files(self, name: str) -> list[str]:
        values = self.names(name)
        for value in values:
            self._complain_unless_file(name, value)
        return values

    def https(self, name: str) -> str:
        value = self.text(name).rstrip("/")
        if value and not value.startswith("https://"):
            self._complain(name, "must begin with https://")
        return value

    def database(self, name: str, *, is_pooled: bool = False) -> DatabaseUrl:
        value = self.text(name)
        read = DatabaseUrl(value)
        if value:
            for complaint in read.complaints:
                self._complain(name, complaint)
        if is_pooled and "options" in read.settings.get("OPTIONS", {}):
            self._complain(name, "may not say options: the pooler loses them; use ALTER ROLE … SET")
        return read

    def optional_database(self, name: str, *, is_pooled: bool = False) -> DatabaseUrl | None:
        return self.database(name, is_pooled=is_pooled) if self._environment.get(name, "").strip() else None

    def forbid_demonstration(self, folders: Collection[Path]) -> None:
        """Refuses what a checkout made for its demonstration and development; `folders` hold what is made there."""
        for name, what in demonstration_complaints(self._environment, folders):
            self._complain(name, what)

    def check(self) -> None:
        """Raises ImproperlyConfigured; never repeats a value, since the message is logged."""
        if self._complaints:
            lines = "\n".join(f"  {complaint}" for complaint in self._complaints)
            raise ImproperlyConfigured(f"The portal does not start (see .env.example):\n{lines}")

    def _complain(self, name: str, what: str) -> None:
        self._complaints.append(f"{name} {what}")

    def _complain_unless_file(self, name: str, value: str) -> None:
        # Only a key may be on a token; its address is read when it is first used.
        if value.startswith("pkcs11:") and name == "ECERT_SIGNER_KEY":
            self._complain_unless_token(name, value)
        elif value and not Path(value).is_file():
            self._complain(name, "names a file that is not there")

    def _complain_unless_token(self, name: str, value: str) -> None:
        try:
            address = TokenAddress.parse(value)
        except ValueError as error:
            self._complain(name, f"is no address of a token: {error}")
            return
        if not Path(address.module).is_file():
            self._complain(name, "names a module-path that is not there")
        if not address.pin_file or not Path(address.pin_file).is_file():
            self._complain(name, "needs pin-source=file:… with a file that is there")


def _repeats(value: str) -> bool:
    """A repeated phrase is as easy to guess as the phrase itself."""
    return any(value[period:] == value[:-period] for period in range(1, len(value) // 2 + 1))


def _is_key(value: str) -> bool:
    try:
        key = base64.b64decode(value.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return False
    # Zeros, counting bytes and other examples from documents repeat or rise; 32 random bytes do neither.
    steps = {second - first for first, second in itertools.pairwise(key)}
    return len(key) == KEY_BYTES and len(steps) > 4
