"""Checks which machine sends a request: signature, clock, nonce and rate, before anything of the body is read."""

from __future__ import annotations

import re
import time
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import audit
from accounts.models import KioskDevice, KioskNonce
from administration.throttle import Limit, seconds_to_wait
from common.dates import today
from common.web.middleware import client_address, upload_limit

from .refusals import refusal
from .signing import canonical, is_valid

CLOCK_WINDOW = timedelta(minutes=5)
REQUESTS = Limit("kiosk", 300)
"""The unit is requests of one machine in ten minutes, which allows a registration every two seconds."""
REFUSALS = Limit("kiosk_refused", 100)
"""The unit is refusals of one address in ten minutes, after which its requests are not read any more."""
_KEY_ID = re.compile(r"k[0-9a-f]{20}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")
_TIMESTAMP = re.compile(r"[0-9]{10}")
_SEEN_EVERY = timedelta(minutes=1)


def authenticate(request: HttpRequest) -> tuple[KioskDevice, bytes]:
    """Answers the machine and its body. Raises ApiRefusal."""
    key_id, timestamp, nonce, signature = _headers(request)
    body = read_body(request)
    device = KioskDevice.objects.select_related("office").filter(key_id=key_id).first()
    if device is None:
        raise _stranger(request, "device.unknown")
    message = canonical(
        key_id=key_id,
        method=request.method or "",
        path=request.get_full_path(),
        timestamp=timestamp,
        nonce=nonce,
        body=body,
    )
    if not is_valid(device.public_key, signature, message):
        raise _stranger(request, "signature.wrong")
    now = time.time()
    if abs(now - int(timestamp)) > CLOCK_WINDOW.total_seconds():
        raise refusal("signature.clock", server_time=int(now))
    _use_once(device, nonce)
    _may_work(device, request)
    if wait := seconds_to_wait(REQUESTS, key_id):
        raise refusal("request.too_many", retry_after=wait)
    _note_seen(device)
    return device, body


def read_body(request: HttpRequest) -> bytes:
    """`request.body` is not used, because its limit is that of forms. The middleware has checked the declared size."""
    limit = upload_limit(request.path_info)
    body: bytes = request.read(limit + 1)
    if len(body) > limit:
        raise refusal("request.too_large")
    return body


def _headers(request: HttpRequest) -> tuple[str, str, str, str]:
    names = ("X-Kiosk-Key", "X-Kiosk-Timestamp", "X-Kiosk-Nonce", "X-Kiosk-Signature")
    key_id, timestamp, nonce, signature = (request.headers.get(name, "") for name in names)
    if not all((key_id, timestamp, nonce, signature)):
        raise _stranger(request, "signature.missing")
    if not (_KEY_ID.fullmatch(key_id) and _TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
        raise _stranger(request, "signature.malformed")
    return key_id, timestamp, nonce, signature


def _stranger(request: HttpRequest, code: str) -> Exception:
    if wait := seconds_to_wait(REFUSALS, client_address(request)):
        return refusal("request.too_many", retry_after=wait)
    return refusal(code)


def _use_once(device: KioskDevice, nonce: str) -> None:
    try:
        # A savepoint: the constraint's answer must not end a surrounding transaction.
        with transaction.atomic():
            KioskNonce.objects.create(device=device, nonce=nonce)
    except IntegrityError as error:
        raise refusal("signature.replayed") from error


def _may_work(device: KioskDevice, request: HttpRequest) -> None:
    """Only the holder of the key learns this. Each attempt of a machine that may not work any more is audited."""
    code = None
    if device.revoked_at is not None:
        code = "device.revoked"
    elif device.is_expired(today()):
        code = "device.expired"
    elif not device.office.is_active:
        code = "device.office_closed"
    if code is not None:
        audit.record("kiosk_refused", by=device, about=device, detail={"code": code}, request=request)
        raise refusal(code)


def _note_seen(device: KioskDevice) -> None:
    now = timezone.now()
    stale = Q(last_seen_at=None) | Q(last_seen_at__lt=now - _SEEN_EVERY)
    KioskDevice.objects.filter(stale, pk=device.pk).update(last_seen_at=now)
