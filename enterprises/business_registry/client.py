"""Asks the business registry (工商登记) over HTTP about one credit code; the answer is not trusted.

`GET {REGISTRY_URL}/enterprises/{uscc}` with `Authorization: Bearer {REGISTRY_KEY}` answers a JSON object, which
docs/business-registry.md describes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.people.numbers import present_index
from common.text.chinese import single_blanks
from common.text.id_number import normalise_id_number
from common.text.names import normalise_name
from common.text.organisations import parse_organisation_name
from common.text.uscc import normalise_uscc
from common.web import http
from common.web.bounded import HttpFailed, HttpTooLong
from enterprises.enums import EnterpriseStatus

REGISTRY = http.Partner("business registry")
MAX_ANSWER = 64 * 1024
"""The unit is bytes; a real answer takes one or two KB."""


class RegistryError(Exception):
    """There is no usable answer; the message says why, for the operator's log."""


class RegistryNotSet(RegistryError):
    """No registry is connected here."""


class RegistrySilent(RegistryError):
    """The registry does not answer, or not in time."""


class RegistryBusy(RegistrySilent):
    """Others wait for the registry already."""


class RegistryUnclear(RegistryError):
    """The registry's answer cannot be read."""


class RegistryUnknown(RegistryError):
    """The registry does not know the code."""


@dataclass(frozen=True)
class RegistryRecord:
    """An empty field means that the registry says nothing about it."""

    uscc: str
    name: str
    region_code: str
    legal_representative: str
    legal_representative_index: str
    status: EnterpriseStatus
    dissolved_on: date | None


class BusinessRegistry:
    def __init__(self, url: str, key: str, *, timeout: float) -> None:
        """`timeout` is in seconds and holds for the whole answer."""
        if not url.startswith(("http://", "https://")):
            raise ValueError("a business registry has an http or https address")
        self._url = url.rstrip("/")
        self._key = key
        self._timeout = timeout

    @classmethod
    def configured(cls) -> BusinessRegistry:
        """Raises `RegistryNotSet` without an address."""
        if not settings.REGISTRY_URL:
            raise RegistryNotSet("REGISTRY_URL is not set")
        return cls(settings.REGISTRY_URL, settings.REGISTRY_KEY, timeout=settings.REGISTRY_TIMEOUT_SECONDS)

    def ask(self, uscc: str) -> RegistryRecord:
        """Raises a `RegistryError`. The answer may be about another code, which the caller must check."""
        try:
            content = json.loads(self._get(normalise_uscc(uscc)))
        except (UnicodeDecodeError, ValueError, RecursionError) as error:
            raise RegistryUnclear("the answer is not JSON") from error
        if not isinstance(content, dict):
            raise RegistryUnclear("the answer is not an object")
        return parse(content)

    def _get(self, uscc: str) -> bytes:
        """A redirect is refused, because the key is meant for this server only."""
        url = f"{self._url}/enterprises/{uscc}"
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        try:
            answer = REGISTRY.get(url, timeout=self._timeout, most=MAX_ANSWER, headers=headers)
        except HttpTooLong as error:
            raise RegistryUnclear("the answer is too long") from error
        except http.PartnerBusy as error:
            raise RegistryBusy(str(error)) from error
        except HttpFailed as error:
            raise RegistrySilent(f"the registry does not answer: {error}") from error
        if answer.status == HTTPStatus.NOT_FOUND:
            raise RegistryUnknown("the registry does not know the code")
        if answer.status != HTTPStatus.OK:
            raise RegistrySilent(f"the registry answers {answer.status}")
        return answer.body


def parse(content: dict[str, Any]) -> RegistryRecord:
    """Raises `RegistryUnclear` unless every field has the right type."""
    try:
        status = EnterpriseStatus(_text(content, "status"))
        ended = _text(content, "dissolved_on", required=False)
        identity = _text(content, "legal_representative_id", required=False)
        record = RegistryRecord(
            uscc=normalise_uscc(_text(content, "uscc")),
            name=parse_organisation_name(_text(content, "name")),
            region_code=_text(content, "region", required=False),
            legal_representative=normalise_name(_text(content, "legal_representative", required=False)),
            legal_representative_index=present_index(normalise_id_number(identity)) if identity else "",
            status=status,
            dissolved_on=date.fromisoformat(ended) if ended else None,
        )
    except (ValueError, ValidationError) as error:
        raise RegistryUnclear("a field of the answer is missing or wrong") from error
    if (record.status == EnterpriseStatus.EXISTING) != (record.dissolved_on is None):
        raise RegistryUnclear("status and date of dissolution contradict each other")
    return record


def _text(content: dict[str, Any], name: str, *, required: bool = True) -> str:
    value = content.get(name) or ""
    value = single_blanks(value) if isinstance(value, str) else None
    if value is None or len(value) > 200 or not value.isprintable():
        raise ValueError(f"{name} is not a short text")
    if required and not value:
        raise ValueError(f"{name} is missing")
    return value
