"""Answers the registration machines (docs/kiosk.md): JSON, signed requests, no session, no cookie."""

from __future__ import annotations

import base64
import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access.decorators import public
from accounts.kiosk.decorators import device_required
from accounts.models import KioskDevice, KioskRequest, Outcome
from common.dates import SHANGHAI
from common.text.masking import mask_id_number

from . import openapi
from .fields import read_registration
from .refusals import refusal
from .selectors import request_of
from .services import confirm_printed, receipt_of, register_at_kiosk, shown_name

STATUS = {Outcome.REGISTERED: 201, Outcome.UPDATED: 200, Outcome.HELD: 202}


@public
def description(request: HttpRequest) -> HttpResponse:
    answer = JsonResponse(openapi.document(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@public
def unknown_address(request: HttpRequest, rest: str) -> HttpResponse:
    return refusal("request.address").answer()


unknown_address.csrf_exempt = True  # type: ignore[attr-defined]  # a wrong address is told as such, whatever the method


@device_required("GET")
def ping(request: HttpRequest, device: KioskDevice, body: bytes) -> HttpResponse:
    return _json(
        {
            "device": device.name,
            "office": {"number": device.office_id, "name": device.office.name},
            "server_time": int(timezone.now().timestamp()),
            "valid_until": device.valid_until.isoformat(),
        }
    )


@device_required("POST")
def registrations(request: HttpRequest, device: KioskDevice, body: bytes) -> HttpResponse:
    if request.content_type != "application/json":
        raise refusal("request.not_json")
    row, is_repeated = register_at_kiosk(read_registration(body), body, device=device, now=timezone.now())
    answer = _json(_described(row, with_receipt=True), status=STATUS[Outcome(row.outcome)])
    if is_repeated:
        answer["X-Kiosk-Repeated"] = "true"
    return answer


@device_required("GET")
def registration(request: HttpRequest, device: KioskDevice, body: bytes, request_id: uuid.UUID) -> HttpResponse:
    return _json(_described(_row(device, request_id), with_receipt=False))


@device_required("GET")
def receipt(request: HttpRequest, device: KioskDevice, body: bytes, request_id: uuid.UUID) -> HttpResponse:
    pdf = receipt_of(_row(device, request_id), now=timezone.now())
    if pdf is None:
        raise refusal("receipt.gone")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = 'attachment; filename="receipt.pdf"'
    return answer


@device_required("POST")
def printed(request: HttpRequest, device: KioskDevice, body: bytes, request_id: uuid.UUID) -> HttpResponse:
    row = _row(device, request_id)
    confirm_printed(row, now=timezone.now())
    return _json(_described(row, with_receipt=False))


def _row(device: KioskDevice, request_id: uuid.UUID) -> KioskRequest:
    row = request_of(device, request_id)
    if row is None:
        raise refusal("request.unknown")
    return row


def _described(row: KioskRequest, *, with_receipt: bool) -> dict[str, object]:
    """A repetition must get the same words, so only the presence of the receipt may depend on the clock."""
    pdf = receipt_of(row, now=timezone.now()) if with_receipt else None
    return {
        "request_id": str(row.request_id),
        "outcome": row.outcome,
        "message": Outcome(row.outcome).label,
        "received_at": row.received_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "person": {
            "name": shown_name(row),
            "id_number": mask_id_number(row.person.id_number) if row.person else "",
        },
        "needs_clerk": row.held_card is not None and row.held_card.settled_at is None,
        "findings": row.findings,
        "receipt": {
            "pdf": base64.b64encode(pdf).decode("ascii") if pdf is not None else None,
            "address": reverse("accounts:kiosk_receipt", args=[row.request_id]),
            "available_until": row.receipt_until.astimezone(SHANGHAI).isoformat(timespec="seconds")
            if row.receipt_until
            else None,
            "is_printed": row.printed_at is not None,
        },
    }


def _json(content: dict[str, object], status: int = 200) -> JsonResponse:
    answer = JsonResponse(content, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
