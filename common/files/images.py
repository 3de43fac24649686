"""Decodes pictures that people upload within limits and writes them anew as upright, plain JPEG.

The header is checked here; the pixels are decoded in a child (`picture_work`). Beside the ValidationError of each
function, a request may meet `Busy`, which middleware answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from common.limited.client import Exceeded, Failed, Kind, Limits, UsedUp, run_in_child
from common.limited.slots import Slots

from .kinds import SHOWN_BY_BROWSERS, Picture, picture_of
from .picture_headers import check_header
from .picture_work import ASPECT, MASTER_SIZE, Box

__all__ = [
    "ASPECT",
    "MASTER_SIZE",
    "MAX_PIXELS",
    "Box",
    "IdPhoto",
    "browser_picture",
    "clean_image",
    "clean_portrait",
    "crop_to_aspect",
    "id_photo_master",
]

NOT_LOOKED_AT = "没有处理到这个文件：一次提交的文件太多或太大。请再选择它上传一次，已收到的文件不用再选。"
NOT_JUDGED = ("image-later", "image-unavailable")
"""Codes of errors that say nothing about the picture: the time of the request, or the machine, did not suffice for it."""
MAX_PIXELS = 12_600_000
"""Telephones call 4096×3072 pixels 12 million."""
_SLOTS = Slots("pictures", count=3, for_one_source=2)
_MEMORY = 600 * 1024 * 1024
PICTURES = Kind("common.files.picture_work:work", Limits(cpu_seconds=1, memory=_MEMORY), _SLOTS)
TELEPHONE_PICTURES = Kind("common.files.picture_work:work", Limits(cpu_seconds=2, memory=_MEMORY), _SLOTS)
"""HEIC and AVIF take up to 0.8 s for 12 million pixels."""
_MASTER_OF_OTHERS = 2000
"""The unit is pixels of the longer side. An ID photo is cut out of as many, and a smaller JPEG leaves time for its checks."""


@dataclass(frozen=True)
class IdPhoto:
    """`small` has 110×140 px and at most 50 KB; `width` and `height` are those of the master."""

    master: bytes
    small: bytes
    width: int
    height: int


def clean_image(data: bytes, *, max_pixels: int = MAX_PIXELS, max_side: int | None = None, quality: int = 90) -> bytes:
    """Answers a baseline RGB JPEG without metadata; transparency becomes white. Raises ValidationError."""
    _, (picture,) = _work("clean", data, max_pixels, max_side=max_side, quality=quality)
    return picture


def browser_picture(data: bytes) -> bytes:
    """Answers a JPEG or PNG as it came, and any other picture that is decoded here as a JPEG that every browser shows.

    Raises ValidationError.
    """
    if picture_of(data) in SHOWN_BY_BROWSERS:
        return data
    return clean_image(data, max_side=_MASTER_OF_OTHERS, quality=95)


def clean_portrait(data: bytes) -> bytes:
    """Cleans the face for comparison from a kiosk or a clerk's camera: it may have any shape, but must not be smaller
    than an ID card's.
    """
    _, (picture,) = _work("portrait", data)
    return picture


def id_photo_master(data: bytes) -> IdPhoto:
    """Raises ValidationError, which names everything that is wrong with size and shape."""
    facts, (master, small) = _work("id_photo", data)
    return IdPhoto(master, small, int(facts["width"]), int(facts["height"]))


def crop_to_aspect(data: bytes, box: Box | None = None) -> bytes:
    """Cuts the picture to 25:35, around the middle of `box` or of the picture itself. Raises ValidationError."""
    _, (picture,) = _work("crop", data, box=box)
    return picture


def _work(
    operation: str, data: bytes, max_pixels: int = MAX_PIXELS, **options: object
) -> tuple[dict[str, Any], list[bytes]]:
    check_header(data, max_pixels)
    kind = TELEPHONE_PICTURES if picture_of(data) in (Picture.HEIC, Picture.AVIF) else PICTURES
    try:
        facts, pictures = run_in_child(kind, {"operation": operation, **options}, [data])
    except UsedUp as error:
        raise ValidationError(NOT_LOOKED_AT, code="image-later") from error
    except Exceeded as error:
        raise ValidationError(
            "处理这张图片需要的时间或内存超过了限制。请缩小后另存为普通的 JPG 图片再上传。", code="image-too-costly"
        ) from error
    except Failed as error:
        raise ValidationError(
            "暂时无法处理图片，这不表示图片有问题。请稍后再上传一次。", code="image-unavailable"
        ) from error
    if problems := facts.get("problems"):
        raise ValidationError([ValidationError(sentence, code=code) for code, sentence in problems])
    return facts, pictures
