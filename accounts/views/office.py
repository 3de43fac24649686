"""Pictures for those who compare a face with papers. Every look is in the audit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import staff_required
from accounts.enums import Duty
from accounts.models import Person
from accounts.pictures import picture

from .requests import user_of

_COMPARING = (Duty.COUNTER, Duty.REVIEW, Duty.DECIDE)


@staff_required((*_COMPARING, Duty.ORGANISE))
@require_safe
def person_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The ID photo is printed on certificates and admit cards."""
    person = get_object_or_404(Person, pk=pk)
    audit.record("view_photo", by=user_of(request), about=person, request=request)
    return picture(person.id_photo)


@staff_required(_COMPARING)
@require_safe
def person_portrait(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person, pk=pk)
    audit.record("view_portrait", by=user_of(request), about=person, request=request)
    return picture(person.portrait)
