"""Keeps a picture, encrypted for this session, with its box between two pages until it is an ID photo."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.access import temporary_uploads
from accounts.people.rules import photo_findings
from common.files.images import clean_image, crop_to_aspect
from common.findings import Finding
from common.web.sealed_session import SealedValue

from . import framing
from .crop_box import Crop

_LARGEST_SIDE = 2000
"""The unit is pixels. A box of a third of this still makes an ID photo of full size."""
_SHAPE = frozenset({"photo.image-aspect"})
_MAY_LIE = _SHAPE | {"photo.image-too-small"}
"""A small photo that lies on its side is not high enough as it lies."""
FRAMING = frozenset({"photo.face_size", "photo.centred"})
TURNED = "这张照片是横着或倒着的，已按脸的方向转正，请核对。方向不对的，请用看图软件转正后重新上传。"
_FIELDS = ("centre_x", "centre_y", "box_height")


@dataclass(frozen=True)
class Cropping:
    data: bytes
    crop: Crop
    is_whole: bool = False
    degrees: int = 0

    @property
    def cut(self) -> bytes:
        """Raises ValidationError where the picture is too small to be cut."""
        return crop_to_aspect(self.data, self.crop.box)

    @property
    def version(self) -> str:
        """It changes with the box, for the addresses of pictures."""
        return "-".join(map(str, self.crop.box))


def prepare(data: bytes) -> tuple[Cropping | None, list[Finding]]:
    """Answers a picture of any shape, framed around its face, or the findings that no crop can solve."""
    problems = photo_findings(data)
    if not {finding.code for finding in problems} <= _MAY_LIE:
        return None, problems
    try:
        cleaned = clean_image(data, max_side=_LARGEST_SIDE, quality=95)
    except ValidationError as error:  # what is too small has not been decoded before
        return None, [*problems, Finding("photo.image-damaged", error.messages[0])]
    upright = framing.upright(cleaned)
    if upright.degrees:
        problems = photo_findings(upright.data)
    if not {finding.code for finding in problems} <= _SHAPE:
        return None, problems
    is_whole = not (problems or upright.degrees)
    found = Cropping(upright.data, framing.framed_in(upright.image), is_whole=is_whole, degrees=upright.degrees)
    try:
        crop_to_aspect(upright.data, found.crop.box)
    except ValidationError as error:  # a long, narrow picture: reduced, it has not enough left
        return None, [Finding("photo.crop", error.messages[0])]
    return found, []


def keep(request: HttpRequest, slot: str, cropping: Cropping) -> None:
    temporary_uploads.keep(request, slot, cropping.data)
    _remember(request, slot, cropping.crop)


def read(request: HttpRequest, slot: str) -> Cropping | None:
    data, box = temporary_uploads.read(request, slot), _box_of(slot).peek(request)
    return Cropping(data, Crop(*box)) if data is not None and box is not None else None


def moved(request: HttpRequest, slot: str, cropping: Cropping) -> Cropping:
    """Moves the box to where the page has drawn it, then by the button that was pressed."""
    crop = _placed(request, cropping.crop).moved(request.POST.get("action", ""))
    _remember(request, slot, crop)
    return Cropping(cropping.data, crop)


def drop(request: HttpRequest, slot: str) -> None:
    temporary_uploads.drop(request, slot)
    _box_of(slot).forget(request)


def _placed(request: HttpRequest, crop: Crop) -> Crop:
    """A missing, odd or far value changes nothing, because it comes from a script."""
    try:
        centre_x, centre_y, box_height = (float(request.POST[name]) for name in _FIELDS)
    except (KeyError, ValueError):
        return crop
    if not all(map(math.isfinite, (centre_x, centre_y, box_height))):
        return crop
    return Crop.around(crop.width, crop.height, centre_x, centre_y, box_height)


def _remember(request: HttpRequest, slot: str, crop: Crop) -> None:
    _box_of(slot).put(request, list(astuple(crop)))


def _box_of(slot: str) -> SealedValue:
    return SealedValue(f"{slot}_crop", lifetime=temporary_uploads.KEPT_FOR)
