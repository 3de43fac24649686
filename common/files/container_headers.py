"""Reads the size of a WebP, HEIC, AVIF, BMP or GIF from its header without decoding it."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from .kinds import Picture

MAX_PARTS = 20_000
"""A HEIC of more boxes is written to cost time."""


class Animated(Exception):
    """The file holds more than one picture, to be shown one after another."""


class Overlong(Exception):
    """More parts than any honest file has."""


def size_of(picture: Picture, data: bytes) -> tuple[int, int] | None:
    """Answers width and height in pixels, the largest of several, or None where the header does not state them."""
    readers = {
        Picture.WEBP: _webp,
        Picture.HEIC: _boxes,
        Picture.AVIF: _boxes,
        Picture.BMP: _bmp,
        Picture.GIF: _gif,
    }
    try:
        width, height = readers[picture](data)
    except (struct.error, IndexError, ValueError):
        return None
    return (width, height) if width > 0 and height > 0 else None


def _webp(data: bytes) -> tuple[int, int]:
    form = data[12:16]
    if form == b"VP8X":
        if data[20] & 0x02:
            raise Animated
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if form == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if form == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    raise ValueError("no frame")


def _bmp(data: bytes) -> tuple[int, int]:
    (header,) = struct.unpack_from("<I", data, 14)
    width, height = struct.unpack_from("<HH" if header == 12 else "<ii", data, 18)
    return width, abs(height)  # a negative height: rows from above


def _gif(data: bytes) -> tuple[int, int]:
    """Heeds that a frame may reach beyond the screen that the header states."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    frames = 0
    for left, top, wide, high in _gif_frames(data, 13 + _palette(flags)):
        frames += 1
        if frames > 1:
            raise Animated
        width, height = max(width, left + wide), max(height, top + high)
    if not frames:
        raise ValueError("no frame")
    return width, height


def _palette(flags: int) -> int:
    """Answers the bytes of the table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_frames(data: bytes, at: int) -> Iterator[tuple[int, int, int, int]]:
    parts = 0
    while at < len(data):
        mark = data[at]
        if mark == 0x2C:
            left, top, wide, high, flags = struct.unpack_from("<HHHHB", data, at + 1)
            yield left, top, wide, high
            at += 11 + _palette(flags)
        elif mark == 0x21:
            at += 2
        else:
            return
        # Blocks of at most 255 bytes follow, the last one empty.
        while at < len(data) and data[at]:
            at += 1 + data[at]
            parts += 1
            if parts > 10 * MAX_PARTS:
                raise Overlong
        at += 1


def _boxes(data: bytes) -> tuple[int, int]:
    """Reads HEIC and AVIF, in which the picture and its tiles each state a size."""
    sizes = list(_sizes_in_boxes(data))
    if not sizes:
        raise ValueError("no size")
    return max(sizes, key=lambda size: size[0] * size[1])


_HOLDS_BOXES = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"moov": 0, b"trak": 0}
"""The unit is bytes that stand before the inner boxes."""


def _sizes_in_boxes(data: bytes) -> Iterator[tuple[int, int]]:
    pending = [(0, len(data))]
    parts = 0
    while pending:
        at, end = pending.pop()
        while at + 8 <= end:
            size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
            head = 8
            if size == 1:
                size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
            last = end if size == 0 else min(end, at + size)
            if last < at + head:
                break
            parts += 1
            if parts > MAX_PARTS:
                raise Overlong
            if name == b"ispe":
                yield struct.unpack_from(">II", data, at + head + 4)
            elif name == b"tkhd":
                # The size of a sequence ends the box, in parts of 65536.
                width, height = struct.unpack_from(">II", data, last - 8)
                yield width >> 16, height >> 16
            elif name in _HOLDS_BOXES:
                pending.append((at + head + _HOLDS_BOXES[name], last))
            at = last
