"""证件照 at the counter: shows the pages on which a clerk uploads a photo and may accept, with a reason, what the checks
refuse.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.enums import Duty
from accounts.models import Person
from accounts.photo import checks, crop_session
from accounts.photo.crop_box import ACTIONS
from accounts.photo.forms import PhotoForm
from accounts.photo.pictures import jpeg, picture
from accounts.photo.services import set_id_photo
from common.findings import Finding, Refused

from .forms import OverrideForm
from .views import searched_person


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counter_photo(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    form = PhotoForm(posted(request), request.FILES or None)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        found, problems = crop_session.prepare(form.cleaned_data["photo"].read())
        if found is not None:
            crop_session.keep(request, _slot(person), found)
            if found.degrees:
                messages.info(request, crop_session.TURNED)
            return redirect("accounts:counter_photo_crop", person.pk)
        refusals = tuple(problems)
    context = {"person": person, "form": form, "refusals": refusals, "record": person.photo_checks.first()}
    return render(request, "accounts/counter_photo.html", context, status=400 if form.is_bound else 200)


@staff_required(Duty.REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counter_photo_crop(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    slot = _slot(person)
    found = crop_session.read(request, slot)
    if found is None:
        return redirect("accounts:counter_photo", person.pk)
    action = request.POST.get("action", "")
    if action == "cancel":
        crop_session.drop(request, slot)
        return redirect("accounts:counter_photo", person.pk)
    form = OverrideForm()
    refusals: tuple[Finding, ...] = ()
    if request.method == "POST":
        found = crop_session.moved(request, slot, found)
        if action not in ("save", "override"):
            return redirect("accounts:counter_photo_crop", person.pk)
        form = OverrideForm(request.POST if action == "override" else None)
        if action == "save" or form.is_valid():
            reason = form.cleaned_data["reason"] if action == "override" else ""
            try:
                set_id_photo(person, found.cut, by=user_of(request), now=timezone.now(), override_reason=reason)
            except Refused as error:
                refusals = error.findings
            else:
                crop_session.drop(request, slot)
                messages.success(request, f"{person.name}的证件照已保存。")
                return redirect("accounts:counter_person", person.pk)
    examination = checks.examine(found.cut)
    context = {
        "person": person,
        "actions": ACTIONS,
        "refusals": refusals,
        "form": form,
        "cropping": found,
        "checks": examination.shown,
        "is_refused": bool(examination.failed),
    }
    return render(
        request, "accounts/counter_photo_crop.html", context, status=400 if refusals or form.is_bound else 200
    )


@staff_required(Duty.REGISTER)
@require_safe
def counter_photo_pending(request: HttpRequest, pk: int, part: str = "cut") -> HttpResponse:
    found = crop_session.read(request, _slot(searched_person(request, pk)))
    if found is None:
        raise Http404("没有待裁剪的照片")
    return jpeg(found.cut if part == "cut" else found.data)


@staff_required(Duty.REGISTER)
@require_safe
def counter_photo_image(request: HttpRequest, pk: int) -> HttpResponse:
    person = searched_person(request, pk)
    audit.record("view_photo", by=user_of(request), about=person, request=request)
    return picture(person.id_photo)


def _slot(person: Person) -> str:
    """The slot follows from the person, so that two pages open side by side never exchange their pictures."""
    return f"id_photo_{person.pk}"
