"""Asks providers outside this machine over HTTPS. Every message is signed both ways; whatever is doubtful is a
failure.

A request is JSON, signed in `X-Jxcloud-Signature`: hex of HMAC-SHA256 over `<X-Jxcloud-Timestamp>.<body>` with
FACE_PROVIDER_SECRET. The answer is JSON signed alike by the provider. docs/face-verification.md has examples.
"""

from __future__ import annotations

import base64
import hmac
import json
import math
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from common.web.bounded import HttpFailed
from common.web.http import Partner

from .contract import NOTHING_KNOWN, FramesVerifier, RedirectVerifier, Subject
from .verdicts import Frame, Known, ProviderFailed, Step, Verdict

PROVIDER = Partner("face provider", places=3)
SIGNATURE = "X-Jxcloud-Signature"
TIMESTAMP = "X-Jxcloud-Timestamp"
CLOCKS_APART = 120
"""The unit is seconds by which a signed message may be older or newer than our clock says."""
_LARGEST_ANSWER = 64 * 1024
_MOST_PROBLEMS = 20


def sign(message: bytes) -> str:
    return hmac.digest(settings.FACE_PROVIDER_SECRET.encode(), message, "sha256").hex()


class HttpVerifier(FramesVerifier):
    """The provider gets portrait and frames and answers with a score and what was wrong with the frames."""

    name = "http"

    def verify(
        self,
        *,
        nonce: str,
        portrait: bytes | None,
        frames: Sequence[Frame],
        steps: Sequence[Step],
        known: Known = NOTHING_KNOWN,
    ) -> Verdict:
        started = time.perf_counter()
        answer = exchange(
            {
                "nonce": nonce,
                "portrait": _base64(portrait) if portrait is not None else None,
                "steps": list(steps),
                "frames": [{"step": frame.step, "jpeg": _base64(frame.data)} for frame in frames],
            }
        )
        front = next((frame.data for frame in frames if frame.step == Step.FRONT), None)
        return _verdict(answer, nonce, milliseconds=round(1000 * (time.perf_counter() - started)), best_front=front)


class PageVerifier(RedirectVerifier):
    """The provider has a page of its own; the person comes back with a signed result in the address."""

    name = "page"

    def start(self, *, nonce: str, subject: Subject, return_url: str) -> str:
        answer = exchange(
            {
                "nonce": nonce,
                "name": subject.name,
                "id_number": subject.id_number,
                "portrait": _base64(subject.portrait),
                "return_url": return_url,
            }
        )
        page = answer.get("page")
        wanted, given = urlsplit(settings.FACE_PROVIDER_URL), urlsplit(page if isinstance(page, str) else "")
        # Only a page of the provider itself is accepted, so that a forged answer cannot send people anywhere else.
        if answer.get("nonce") != nonce or (given.scheme, given.netloc) != (wanted.scheme, wanted.netloc):
            raise ProviderFailed("the provider did not answer with a page of its own")
        return str(page)

    def finish(self, *, nonce: str, answer: Mapping[str, str]) -> Verdict:
        """`result` is base64url of the JSON answer; `timestamp` and `signature` are as in the headers."""
        text = answer.get("result", "")
        try:
            body = base64.urlsafe_b64decode(text.encode())
        except ValueError as error:
            raise ProviderFailed("the result is not base64") from error
        return _verdict(_trusted(body, answer.get("timestamp", ""), answer.get("signature", "")), nonce)


def exchange(question: Mapping[str, object]) -> dict[str, Any]:
    """Raises ProviderFailed for everything but a signed JSON object with status 200 in time."""
    body = json.dumps(question, separators=(",", ":")).encode()
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        TIMESTAMP: timestamp,
        SIGNATURE: sign(timestamp.encode() + b"." + body),
    }
    try:
        answer = PROVIDER.post(
            settings.FACE_PROVIDER_URL,
            body,
            timeout=settings.FACE_PROVIDER_TIMEOUT,
            most=_LARGEST_ANSWER,
            headers=headers,
        )
    except HttpFailed as error:
        raise ProviderFailed(str(error)) from error
    if answer.status != HTTPStatus.OK:  # a redirect too: nothing is sent to an address that nobody configured
        raise ProviderFailed(f"status {answer.status}")
    return _trusted(answer.body, answer.headers.get(TIMESTAMP, ""), answer.headers.get(SIGNATURE, ""))


def _trusted(body: bytes, timestamp: str, signature: str) -> dict[str, Any]:
    if not hmac.compare_digest(sign(timestamp.encode() + b"." + body).encode(), signature.encode()):
        raise ProviderFailed("wrong signature")
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(time.time() - int(timestamp)) > CLOCKS_APART:
        raise ProviderFailed("the answer is too old")
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise ProviderFailed("the answer is not JSON") from error
    if not isinstance(answer, dict):
        raise ProviderFailed("the answer is not an object")
    return answer


def _verdict(
    answer: Mapping[str, Any], nonce: str, *, milliseconds: int = 0, best_front: bytes | None = None
) -> Verdict:
    """`live` must be there and true, or a problem must say why not: a missing answer is never taken for a living
    person.
    """
    score, live, problems = answer.get("score"), answer.get("live"), answer.get("problems", [])
    if answer.get("nonce") != nonce:
        raise ProviderFailed("an answer to another question")
    if not isinstance(live, bool) or not isinstance(problems, list) or len(problems) > _MOST_PROBLEMS:
        raise ProviderFailed("the answer lacks live or problems")
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float) or not _is_share(score)):
        raise ProviderFailed("the score is no number from 0 to 1")
    named = [str(problem)[:60] for problem in problems]
    if not live and not named:
        named = ["not_live"]
    model = answer.get("model")
    return Verdict(
        score=None if score is None else float(score),
        problems=tuple(named),
        models={"provider": str(model)[:100]} if model else {},
        milliseconds=milliseconds,
        best_front=best_front,
    )


def _is_share(score: float) -> bool:
    return math.isfinite(score) and 0 <= score <= 1


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
