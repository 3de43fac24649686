"""Reads the header of a picture without decoding it, and refuses a picture that would cost too much.

Only lengths and marks are read, so that this takes about a millisecond for any file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from common.file_signs import PNG

from . import container_headers, kinds
from .kinds import Picture

MAX_CHUNKS = 10_000
"""The unit is chunks of a PNG; 10 MB in pieces of 2 KB are half of it."""
MAX_PNG_EXTRA = 1_000_000
"""The unit is bytes of one chunk without pixels (a colour profile, EXIF or text), which may unpack to a thousand
times its size.
"""
MAX_TEXTS = 50
MAX_SEGMENTS = 2_000
"""The unit is segments of a JPEG before its pixels; telephones write at most 80, in pictures with depth."""
MAX_SCANS = 100
"""The unit is scans of a progressive JPEG; programs write about ten, and each goes through all pixels."""

_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
"""In compressed pixels 0xFF is followed by zero or by the marker of a restart."""
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_SCAN, _END = 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True)
class Header:
    width: int
    height: int
    bits: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


def check_header(data: bytes, max_pixels: int) -> Header:
    """Raises ValidationError: not a picture, too many pixels, 16 bits, animated, or made to take too much time."""
    header = read_header(data)
    if header.bits > 8:
        raise ValidationError(
            f"这张图片存的颜色太细（扫描仪或修图软件常这样存），这里用不了。请另存为普通的 JPG 图片后再上传；{kinds.PHOTOGRAPH}",
            code="image-depth",
        )
    if header.pixels > max_pixels:
        raise ValidationError(
            f"照片太大：最多 {max_pixels // 10_000} 万像素，您这张约有 {header.pixels // 10_000} 万像素"
            f"（{header.width}×{header.height}）。请在手机的相机设置里把照片大小改为 1200 万像素，重新拍一张；"
            "已有的照片可以打开后截屏，上传截屏的图片。",
            code="image-too-large",
        )
    return header


def read_header(data: bytes) -> Header:
    picture = kinds.picture_of(data)
    if picture is None:
        raise ValidationError(kinds.refusal("请上传 JPG 或 PNG 格式的图片", data), code="image-unreadable")
    if picture is Picture.PNG:
        return _png(data)
    if picture is Picture.JPEG:
        return _jpeg(data)
    return _container(picture, data)


def _unreadable(picture: Picture) -> ValidationError:
    return ValidationError(
        f"这张图片打不开：它是{kinds.spaced(picture.label)}，但没有存完整，或者已经损坏。"
        f"请先在手机或电脑上打开它看看，能看到的，截屏后上传截屏的图片。{kinds.PHOTOGRAPH}",
        code="image-unreadable",
    )


def _animated() -> ValidationError:
    return ValidationError("这是动画图片。请上传一张静止的 JPG 或 PNG 图片。", code="image-animated")


def _container(picture: Picture, data: bytes) -> Header:
    try:
        size = container_headers.size_of(picture, data)
    except container_headers.Animated:
        raise _animated() from None
    except container_headers.Overlong:
        raise _overlong() from None
    if size is None:
        raise _unreadable(picture)
    # Deeper colours of these formats are reduced while they are decoded.
    return Header(*size, bits=8)


def _damaged() -> ValidationError:
    return ValidationError("图片已损坏或不完整，请重新保存后再上传。", code="image-damaged")


def _overlong() -> ValidationError:
    return ValidationError(
        "图片里夹带的信息太多，无法处理。请用看图软件另存为普通的 JPG 图片，或截图后再上传。", code="image-overlong"
    )


def _png(data: bytes) -> Header:
    if data[12:16] != b"IHDR" or len(data) < 33:
        raise _unreadable(Picture.PNG)
    width, height, bits = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"), data[24]
    if not width or not height:
        raise _unreadable(Picture.PNG)
    _check_chunks(data)
    return Header(width, height, bits)


def _check_chunks(data: bytes) -> None:
    at, chunks, texts = len(PNG), 0, 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        chunks += 1
        texts += kind in (b"tEXt", b"zTXt", b"iTXt")
        if kind == b"acTL":
            raise _animated()
        if chunks > MAX_CHUNKS or texts > MAX_TEXTS or (kind != b"IDAT" and size > MAX_PNG_EXTRA):
            raise _overlong()
        if kind == b"IEND":
            return
        at += 12 + size


def _jpeg(data: bytes) -> Header:
    at, segments, scans = 2, 0, 0
    header: Header | None = None
    while found := _JPEG_MARKER.search(data, at):
        marker, at = found[1][0], found.end()
        if marker == _END:
            break
        if marker in _ALONE:
            continue
        segments += 1
        scans += marker == _SCAN
        if segments > MAX_SEGMENTS or scans > MAX_SCANS:
            raise _overlong()
        if marker in _FRAMES:
            if header is not None:
                raise _damaged()
            header = _frame(data[at : at + 8])
        at += max(2, int.from_bytes(data[at : at + 2], "big"))
    if header is None:
        raise _unreadable(Picture.JPEG)
    return header


def _frame(segment: bytes) -> Header:
    if len(segment) < 8:
        raise _damaged()
    header = Header(int.from_bytes(segment[5:7], "big"), int.from_bytes(segment[3:5], "big"), segment[2])
    if not header.width or not header.height:
        # A height of zero means that the height follows the pixels: no camera does that, and it hides how many there
        # are.
        raise _unreadable(Picture.JPEG)
    return header
