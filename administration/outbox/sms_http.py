"""Asks an SMS service over HTTP: one message, one answer. docs/messages.md describes both for a department."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus

from common.web import http
from common.web.bounded import HttpFailed

from .signing import signed_headers
from .verdicts import ProviderAway, Rejected, TryAgain

SERVICE = http.Partner("SMS service", places=4, failures=5, pause=30)
TIMEOUT = 8.0
"""The unit is seconds for a whole answer."""
_LONGEST_ANSWER = 16 * 1024
_LONGEST_CODE = 60
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


class HttpSms:
    def __init__(self, url: str, key: str, secret: str, sign: str) -> None:
        """`sign` is the signature (签名) that the service puts before every text."""
        self._url, self._key, self._secret, self._sign = f"{url.rstrip('/')}/messages", key, secret, sign

    def deliver(self, key: str, phone: str, template: str, parameters: Sequence[str]) -> str:
        """Answers the service's own id. A question that was heard twice has the same `id`, by which the service knows it."""
        question = {
            "id": key,
            "phone": phone,
            "sign": self._sign,
            "template": template,
            "parameters": list(parameters),
        }
        body = json.dumps(question, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", **signed_headers(self._key, self._secret, body)}
        try:
            answer = SERVICE.post_again(self._url, body, timeout=TIMEOUT, most=_LONGEST_ANSWER, headers=headers)
        except (http.PartnerAway, http.PartnerBusy) as error:
            raise ProviderAway("the SMS service is left alone for a while") from error
        except HttpFailed as error:
            raise TryAgain("the SMS service does not answer") from error
        content = _object(answer.body)
        if answer.status in (HTTPStatus.OK, HTTPStatus.ACCEPTED) and isinstance(content.get("message_id"), str):
            return str(content["message_id"])[:100]
        if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR and answer.status not in _LATER:
            raise Rejected(f"{answer.status} {_code(content)}".strip())
        raise TryAgain(f"the SMS service answers {answer.status}")


def _object(body: bytes) -> dict[str, object]:
    try:
        content = json.loads(body)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _code(content: dict[str, object]) -> str:
    """A code is kept and shown, so it is no place for words or numbers of telephones."""
    code = content.get("code")
    is_code = isinstance(code, str) and code.isascii() and code.replace("_", "").replace(".", "").isalnum()
    return str(code)[:_LONGEST_CODE] if is_code and not str(code).isdigit() else ""
