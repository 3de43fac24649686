"""Handles every request: its id, the probes, the client's address, headers of answers, limits of bodies."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import tempfile
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import BinaryIO, cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from common.limited.scope import request_scope
from common.limited.slots import Busy
from common.operation import health
from common.operation.logging import REQUEST_ID_HEADER, request_id

from . import errors
from .control_characters import address_has_control_characters
from .download_names import with_ascii_name
from .upload_handlers import CountedFiles

GetResponse = Callable[[HttpRequest], HttpResponse]

_ACCEPTABLE_ID = re.compile(r"[0-9A-Za-z._-]{8,64}")
BODY_CHUNK = 64 * 1024
DRAIN_AT_MOST = 8
"""The value is a multiple of the limit. A browser shows an answer only after it could send everything; beyond this
the connection is closed.
"""


class RequestIdMiddleware:
    """Gives each request an id, or keeps the proxy's; it is in every log line and in the answer's X-Request-ID."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        current = given if _ACCEPTABLE_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(current)
        request.META[REQUEST_ID_HEADER] = current
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = current
        return response


class ProbeMiddleware:
    """Answers the two probes under any host name, because balancers and supervisors ask by an address.

    Nothing else is answered under a host that ALLOWED_HOSTS does not name. A probe with control characters in its
    query is handled like every other request and refused.
    """

    probes = MappingProxyType({"/healthz": health.healthz, "/readyz": health.readyz})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = self.probes.get(request.path_info)
        if probe is None or address_has_control_characters(request):
            return self.get_response(request)
        return probe(request)


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
            if len(chain) >= proxies and (address := _address_in(chain[-proxies])):
                request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+")
"""Some proxies write the port too."""


def _address_in(entry: str) -> str:
    """Answers the address alone, or nothing where the entry is none: then the proxy's own address counts."""
    found = _WITH_PORT.fullmatch(entry)
    address = (found[1] or found[2]) if found else entry
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""


def client_address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def networks_of(address: str) -> list[str]:
    """One household or office has a whole /64 of IPv6 addresses, a customer of a provider up to a /48; the narrowest
    comes first.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return [address]  # a local socket, or a proxy that says something else: counted as it is
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped  # as a socket for both kinds writes it: they are no one network
    if parsed.version == 4:
        return [str(parsed)]
    return [str(ipaddress.ip_network((parsed, length), strict=False)) for length in (64, 48)]


class ResponseHeadersMiddleware:
    """Sets Permissions-Policy and names that every program can save under, and forbids copies of personal pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if "Content-Disposition" in response:
            response["Content-Disposition"] = with_ascii_name(response["Content-Disposition"])
        # The database is not asked who is logged in: whoever carries a session may be.
        if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies:
            response.setdefault("Cache-Control", "private, no-store")
        return response


class LimitedWorkMiddleware:
    """Limits what one request may ask of children, by its address; requests that find no slot get a page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # This is asked only when no slot is free, because the user is then read from the session.
        with request_scope(networks_of(client_address(request))[0], lambda: request.user.is_authenticated):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.busy(request, exception) if isinstance(exception, Busy) else None


class UploadLimitMiddleware:
    """Answers a request that is too large with a page, before any file of it is parsed or stored.

    A body that comes slowly holds the thread that reads it, and the server sets no time for it: so only some threads
    of a process read bodies, fewer of them for one address, and the others go on answering. Behind a proxy that
    collects bodies first (docs/adr/0016) none is slow. It is the last one in the list, so that the page can say who is
    logged in; views and the CSRF check come after it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            return errors.length_required(request)
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        if size <= 0:
            return self.get_response(request)
        limit = upload_limit(request.path_info)
        with tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE) as kept:
            try:
                with _bodies.reading(networks_of(client_address(request))[0]):
                    if size <= limit:
                        _collect(request, size, cast(BinaryIO, kept))
                    elif not _keep_text(request, size, limit):
                        return self._too_large(request, size, limit)
            except Busy as busy:
                response = errors.busy(request, busy)
                response["Connection"] = "close"
                return response
            return self.get_response(request)

    def _too_large(self, request: HttpRequest, size: int, limit: int) -> HttpResponse:
        left = min(size, limit * DRAIN_AT_MOST)
        while left > 0 and (chunk := request.read(min(left, BODY_CHUNK))):
            left -= len(chunk)
        response = errors.too_large(request, limit)
        if size > limit * DRAIN_AT_MOST:
            response["Connection"] = "close"
        return response


def _keep_text(request: HttpRequest, size: int, limit: int) -> bool:
    """Reads what was typed into a form whose files are too large, and throws the files away while they come.

    True: the page that was filled in says so beside each file. Only for who has logged in: strangers type little.
    """
    user = getattr(request, "user", None)
    is_form = request.content_type == "multipart/form-data" and not request.path_info.startswith(errors.API)
    if user is None or not is_form or size > limit * DRAIN_AT_MOST or not user.is_authenticated:
        return False
    refusal = (
        f"没有收到这个文件：一次提交的文件加起来超过了 {limit // 1024 // 1024} MB。"
        "请降低分辨率，或分几次上传；页面上填写的内容还在。"
    )
    request.upload_handlers = [CountedFiles(request, most=0, refusal=refusal)]
    try:
        return bool(request.FILES)
    except (SuspiciousOperation, MultiPartParserError):
        return False


class _Bodies:
    """Knows which threads of this process read bodies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sources: Counter[str] = Counter()

    @contextlib.contextmanager
    def reading(self, source: str) -> Iterator[None]:
        """Raises Busy at once if too many are read."""
        with self._lock:
            own = self._sources[source] >= settings.BODIES_OF_ONE_ADDRESS
            if own or self._sources.total() >= settings.BODIES_AT_ONCE:
                raise Busy(own=own)
            self._sources[source] += 1
        try:
            yield
        finally:
            with self._lock:
                self._sources[source] -= 1
                if not self._sources[source]:
                    del self._sources[source]


_bodies = _Bodies()


def _collect(request: HttpRequest, size: int, kept: BinaryIO) -> None:
    """Reads the whole body, so that nothing after this waits for the sender."""
    left = size
    while left > 0 and (chunk := request.read(min(left, BODY_CHUNK))):
        kept.write(chunk)
        left -= len(chunk)
    kept.seek(0)
    request._stream = kept
    request._read_started = False  # type: ignore[attr-defined]


def upload_limit(path: str) -> int:
    """The limit is in bytes."""
    limits: dict[str, int] = settings.UPLOAD_LIMITS
    return limits[max((beginning for beginning in limits if path.startswith(beginning)), key=len)]
