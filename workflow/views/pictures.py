"""Sends photo and portrait of an applicant to the offices that may read the application. Every look is audited."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.enums import Duty
from accounts.models import Person, User
from accounts.photo.pictures import picture
from workflow.request_actor import actor_for

from .loading import load_visible

COMPARING = (Duty.COUNTER, Duty.REVIEW, Duty.DECIDE, Duty.ORGANISE)


@staff_required(COMPARING)
@require_safe
def photo(request: HttpRequest, number: str) -> HttpResponse:
    person = _applicant(request, number, "view_photo")
    return picture(person.id_photo)


@staff_required(COMPARING)
@require_safe
def portrait(request: HttpRequest, number: str) -> HttpResponse:
    person = _applicant(request, number, "view_portrait")
    return picture(person.portrait)


def _applicant(request: HttpRequest, number: str, action: str) -> Person:
    person = load_visible(actor_for(request), number).person
    if person is None:
        raise Http404("申请人不是个人")
    user = request.user if isinstance(request.user, User) else None
    audit.record(action, by=user, about=person, detail={"number": number}, request=request)
    return person
