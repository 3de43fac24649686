"""证件照: shows a person's ID photo, takes a new one and crops it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import person_required
from accounts.access.requests import person_of, posted, user_of
from common.findings import Finding, Refused

from . import checks, crop_session, sample
from .crop_box import ACTIONS
from .crop_session import FRAMING, Cropping
from .forms import PhotoForm
from .pictures import jpeg, picture, png
from .services import set_id_photo

_SLOT = "id_photo"


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: HttpRequest) -> HttpResponse:
    """Shows the present photo and takes a new one. A picture that another box can solve goes on to the crop page."""
    form = PhotoForm(posted(request), request.FILES or None)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        data: bytes = form.cleaned_data["photo"].read()
        found, problems = crop_session.prepare(data)
        if found is not None:
            problems = checks.examine(data if found.is_whole else found.cut).findings
            if found.is_whole and not problems:
                return _store(request, data)
            if found.degrees:
                messages.info(request, crop_session.TURNED)
            if {finding.code for finding in problems} <= FRAMING:
                crop_session.keep(request, _SLOT, found)
                return redirect("accounts:photo_crop")
        refusals = tuple(problems)
    context = {
        "person": person_of(request),
        "form": form,
        "refusals": refusals,
        "checks": checks.CHECKS,
        "has_sample": sample.is_registered(),
    }
    return render(request, "accounts/photo.html", context, status=400 if form.is_bound else 200)


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def photo_crop(request: HttpRequest) -> HttpResponse:
    found = crop_session.read(request, _SLOT)
    if found is None:
        return redirect("accounts:photo")
    action = request.POST.get("action", "")
    if action == "cancel":
        crop_session.drop(request, _SLOT)
        return redirect("accounts:photo")
    refusals: tuple[Finding, ...] = ()
    if request.method == "POST":
        found = crop_session.moved(request, _SLOT, found)
        if action != "save":
            return redirect("accounts:photo_crop")
        try:
            return _store(request, found.cut)
        except Refused as error:
            refusals = error.findings
    context = {
        "person": person_of(request),
        "actions": ACTIONS,
        "refusals": refusals,
        "cropping": found,
        "checks": checks.examine(found.cut).shown,
        "has_sample": sample.is_registered(),
    }
    return render(request, "accounts/photo_crop.html", context, status=400 if refusals else 200)


@person_required
@require_safe
def photo_pending(request: HttpRequest, part: str = "cut") -> HttpResponse:
    """Sends what the crop would save, or the whole picture for the crop tool."""
    found = _pending(request)
    return jpeg(found.cut if part == "cut" else found.data)


@person_required
@require_safe
def photo_image(request: HttpRequest, size: str = "master") -> HttpResponse:
    person = person_of(request)
    return picture(person.id_photo_small if size == "small" else person.id_photo)


@person_required
@require_safe
def photo_on_certificate(request: HttpRequest, part: str = "stored") -> HttpResponse:
    """Draws a sample of the certificate with the stored photo, or with what the crop would save."""
    person = person_of(request)
    if part == "cut":
        return png(sample.draw(person, _pending(request).cut))
    if not person.has_id_photo:
        raise Http404("没有证件照")
    with person.id_photo.open("rb") as stored:
        return png(sample.draw(person, stored.read()))


def _pending(request: HttpRequest) -> Cropping:
    found = crop_session.read(request, _SLOT)
    if found is None:
        raise Http404("没有待裁剪的照片")
    return found


def _store(request: HttpRequest, data: bytes) -> HttpResponse:
    set_id_photo(person_of(request), data, by=user_of(request), now=timezone.now())
    crop_session.drop(request, _SLOT)
    messages.success(request, "证件照已保存，之后签发的电子证书使用这张照片。已签发的证书不变。")
    return redirect("accounts:photo")
