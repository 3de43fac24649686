"""聘用关系 on the web: view only. A person decides on the phone, after a second verification."""

from __future__ import annotations

import io

import qrcode
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe
from qrcode.image.svg import SvgPathImage

from accounts.access import person_required
from accounts.views.requests import person_of
from employment.models import Employment
from employment.selectors import proposal_rows, proposals


# require_safe comes first: whoever posts here, known or not, is told that there is nothing to post.
@require_safe
@person_required
def mine(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    today = localdate()
    history = list(Employment.objects.filter(person=person).select_related("enterprise").order_by("-started_at", "-pk"))
    active = next((employment for employment in history if employment.is_active), None)
    context = {
        "person": person,
        "active": active,
        # An expired contract is ended by accepting another one.
        "must_leave": active is not None and (active.contract_to is None or active.contract_to >= today),
        "former": [employment for employment in history if not employment.is_active],
        "proposals": proposal_rows(list(proposals(is_open=True).filter(person=person).order_by("due_on", "pk"))),
        "phone_address": _phone_address(request),
        "today": today,
    }
    return render(request, "employment/mine.html", context)


@require_safe
@person_required
def phone_code(request: HttpRequest) -> HttpResponse:
    """QR code of the phone pages; it holds their address and nothing about the person."""
    image = qrcode.make(_phone_address(request), image_factory=SvgPathImage, box_size=10, border=4)
    buffer = io.BytesIO()
    image.save(buffer)
    return HttpResponse(buffer.getvalue(), content_type="image/svg+xml")


def _phone_address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("workflow:mobile_inbox"))
