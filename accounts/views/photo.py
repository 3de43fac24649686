from __future__ import annotations

from dataclasses import astuple
from io import BytesIO

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from PIL import Image

from accounts import pending
from accounts.access import person_required
from accounts.crop import ACTIONS, Crop
from accounts.forms import PhotoForm
from accounts.pictures import jpeg, picture
from accounts.rules import photo_findings
from accounts.services import set_id_photo
from jxcloud.base.findings import Finding, Refused
from jxcloud.base.images import clean_image, crop_to_aspect

from .requests import person_of, posted, user_of

_SLOT = "id_photo"
_CROP = "id_photo_crop"
_LARGEST_SIDE = 3000
_SHAPE_ONLY = frozenset({"photo.image-aspect"})


@person_required
@require_http_methods(["GET", "POST"])
def photo(request: HttpRequest) -> HttpResponse:
    """The present photo, and a new one. A picture of another shape goes on to the crop page."""
    form = PhotoForm(posted(request), request.FILES or None)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        data: bytes = form.cleaned_data["photo"].read()
        findings = photo_findings(data)
        if findings and {finding.code for finding in findings} <= _SHAPE_ONLY:
            _start_crop(request, data)
            return redirect("accounts:photo_crop")
        if not findings:
            return _store(request, data)
        refusals = tuple(findings)
    context = {"person": person_of(request), "form": form, "refusals": refusals}
    return render(request, "accounts/photo.html", context, status=400 if form.is_bound else 200)


@person_required
@require_http_methods(["GET", "POST"])
def photo_crop(request: HttpRequest) -> HttpResponse:
    data = pending.read(request, _SLOT)
    if data is None:
        return redirect("accounts:photo")
    crop = Crop(*request.session[_CROP])
    action = request.POST.get("action", "")
    refusals: tuple[Finding, ...] = ()
    if action == "cancel":
        _end_crop(request)
        return redirect("accounts:photo")
    if action == "save":
        try:
            return _store(request, crop_to_aspect(data, crop.box))
        except (ValidationError, Refused) as error:
            refusals = error.findings if isinstance(error, Refused) else (Finding("photo.crop", error.messages[0]),)
    elif request.method == "POST":
        request.session[_CROP] = list(astuple(crop.moved(action)))
        return redirect("accounts:photo_crop")
    context = {
        "person": person_of(request),
        "actions": ACTIONS,
        "refusals": refusals,
        "version": "-".join(map(str, crop.box)),
    }
    return render(request, "accounts/photo_crop.html", context, status=400 if refusals else 200)


@person_required
@require_safe
def photo_pending(request: HttpRequest) -> HttpResponse:
    """What the crop would save."""
    data = pending.read(request, _SLOT)
    if data is None:
        raise Http404("没有待裁剪的照片")
    try:
        return jpeg(crop_to_aspect(data, Crop(*request.session[_CROP]).box))
    except ValidationError as error:  # the box stays within limits; the file may have been purged in between
        raise Http404("没有待裁剪的照片") from error


@person_required
@require_safe
def photo_image(request: HttpRequest, size: str = "master") -> HttpResponse:
    person = person_of(request)
    return picture(person.id_photo_small if size == "small" else person.id_photo)


def _start_crop(request: HttpRequest, data: bytes) -> None:
    upright = clean_image(data, max_side=_LARGEST_SIDE, quality=95)
    pending.keep(request, _SLOT, upright)
    with Image.open(BytesIO(upright)) as image:
        request.session[_CROP] = list(astuple(Crop.centred(image.width, image.height)))


def _end_crop(request: HttpRequest) -> None:
    pending.drop(request, _SLOT)
    request.session.pop(_CROP, None)


def _store(request: HttpRequest, data: bytes) -> HttpResponse:
    set_id_photo(person_of(request), data, by=user_of(request), now=timezone.now())
    _end_crop(request)
    messages.success(request, "证件照已保存，之后签发的电子证书使用这张照片。已签发的证书不变。")
    return redirect("accounts:photo")
