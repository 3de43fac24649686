from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import errors
from .logging import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]

_ACCEPTABLE_ID = re.compile(r"[0-9A-Za-z._-]{8,64}")
DRAIN_CHUNK = 64 * 1024
DRAIN_AT_MOST = 8
"""Times the limit. A browser shows an answer only after it could send everything; beyond this it is cut off."""


class RequestIdMiddleware:
    """Gives each request an id, or keeps the proxy's; it is in every log line and in the answer's X-Request-ID."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        current = given if _ACCEPTABLE_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(current)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = current
        return response


class ClientAddressMiddleware:
    """Puts the client's own address into REMOTE_ADDR, for rate limits and the audit.

    Only the last `TRUSTED_PROXIES` entries of X-Forwarded-For come from our proxies; what stands before them is claimed
    by whoever asks.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        proxies: int = settings.TRUSTED_PROXIES
        if proxies:
            chain = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
            if len(chain) >= proxies and chain[-proxies]:
                request.META["REMOTE_ADDR"] = chain[-proxies]
        return self.get_response(request)


def client_address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


class ResponseHeadersMiddleware:
    """Permissions-Policy, and no copies of personal pages on shared machines."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        # Whether somebody is logged in is not asked of the database here: who carries a session may be.
        if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies:
            response.setdefault("Cache-Control", "private, no-store")
        return response


class UploadLimitMiddleware:
    """Answers a request that is too large with a page, before anything of it is parsed or stored.

    The last one in the list, so that the page can say who is logged in; views and the CSRF check come after it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        limit = upload_limit(request.path_info)
        if size <= limit:
            return self.get_response(request)
        left = min(size, limit * DRAIN_AT_MOST)
        while left > 0 and (chunk := request.read(min(left, DRAIN_CHUNK))):
            left -= len(chunk)
        response = errors.too_large(request, limit)
        if size > limit * DRAIN_AT_MOST:
            response["Connection"] = "close"
        return response


def upload_limit(path: str) -> int:
    """In bytes."""
    limits: dict[str, int] = settings.UPLOAD_LIMITS
    return limits[max((beginning for beginning in limits if path.startswith(beginning)), key=len)]
