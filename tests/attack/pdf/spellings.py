"""Bytes changed, respelt, put before or behind, and left out, without any regard for what a PDF is."""

from __future__ import annotations

import random
import zipfile
from functools import partial
from io import BytesIO

from .variant import Variants, World

VARIANTS = Variants()
add, put = VARIANTS.add, VARIANTS.put


def flipped(world: World, offset: int, *, bit: int = 1) -> bytes:
    changed = bytearray(world.signed)
    changed[offset] ^= bit
    return bytes(changed)


def replaced(old: bytes, new: bytes, world: World, *, last: bool = True) -> bytes:
    """In the last place where it stands, as a rule: that is the signed revision."""
    at = world.signed.rindex(old) if last else world.signed.index(old)
    return world.signed[:at] + new + world.signed[at + len(old) :]


# --- one bit, in every region ---


@add("flip: a letter of the catalogue of the signed revision", "altered")
def _(world: World) -> bytes:
    return replaced(b"/PageMode", b"/PageMade", world)


@add("flip: a figure of the page's frame", "altered")
def _(world: World) -> bytes:
    return replaced(b"/MediaBox [0 0 595", b"/MediaBox [0 0 594", world)


@add("flip: inside of a compressed stream", "altered")
def _(world: World) -> bytes:
    return flipped(world, world.signed.index(b"/Subtype /Form") + 200)


@add("flip: inside of the photograph", "altered")
def _(world: World) -> bytes:
    return flipped(world, world.signed.index(b"/DCTDecode") + 2000)


@add("flip: inside of a font", "altered")
def _(world: World) -> bytes:
    return flipped(world, world.signed.index(b"/Length1") + 500)


@add("flip: the version in the header", "altered")
def _(world: World) -> bytes:
    return b"%PDF-1.6" + world.signed[8:]


@add("flip: the comment below the header", "altered")
def _(world: World) -> bytes:
    return replaced(b"%\xe4\xb8\xad", b"%\xe4\xb8\xae", world, last=False)


@add("flip: an offset of the first table of objects", "altered")
def _(world: World) -> bytes:
    return replaced(b"0000000017 00000 n", b"0000000016 00000 n", world, last=False)


@add("flip: the time that the signature states", "altered")
def _(world: World) -> bytes:
    at = world.signed.rindex(b"/M (D:2")
    return flipped(world, at + 12)


@add("flip: the reason that the signature states", "altered")
def _(world: World) -> bytes:
    return replaced(b"/Reason", b"/Reasom", world)


@add("flip: the number of the signature's permission", "altered")
def _(world: World) -> bytes:
    return replaced(b"/P 1\n", b"/P 2\n", world)


@add("flip: the last byte of the file", "altered")
def _(world: World) -> bytes:
    return world.signed[:-1] + b" "


for _place in (0.05, 0.25, 0.5, 0.75, 0.95):

    @add(f"flip: a digit at {_place:.0%} of the signature's bytes", "altered")
    def _(world: World, place: float = _place) -> bytes:
        start, end = world.gap
        used = len(world.signed[start : end - 1].rstrip(b"0"))
        at = start + 1 + int((used - 1) * place)
        return world.signed[:at] + (b"1" if world.signed[at : at + 1] == b"0" else b"0") + world.signed[at + 1 :]


@add("flip: a digit of the zeros behind the signature", "altered")
def _(world: World) -> bytes:
    at = world.gap[1] - 3
    return world.signed[:at] + b"7" + world.signed[at + 1 :]


# --- the same signature spelt otherwise ---


def with_contents(world: World, contents: bytes) -> bytes:
    start, end = world.gap
    assert len(contents) == end - start
    return world.signed[:start] + contents + world.signed[end:]


@add("contents: in small letters", "altered")
def _(world: World) -> bytes:
    start, end = world.gap
    return with_contents(world, world.signed[start:end].lower())


@add("contents: a blank instead of the last zeros", "altered")
def _(world: World) -> bytes:
    start, end = world.gap
    return with_contents(world, world.signed[start : end - 3] + b"  >")


@add("contents: a line break inside", "altered")
def _(world: World) -> bytes:
    start, end = world.gap
    digits = world.signed[start : end - 3]
    return with_contents(world, digits[:101] + b"\r\n" + digits[101:] + b">")


@add("contents: ends early, a comment fills the gap", "altered")
def _(world: World) -> bytes:
    start, end = world.gap
    used = world.signed[start : end - 1].rstrip(b"0") + b"00>"
    return with_contents(world, used + b"%" + b"x" * (end - start - len(used) - 2) + b"\n")


@add("contents: ends early, another key of the dictionary fills the gap", "altered")
def _(world: World) -> bytes:
    start, end = world.gap
    used = world.signed[start : end - 1].rstrip(b"0") + b"00>"
    return with_contents(world, used + b"/Name(" + b"x" * (end - start - len(used) - 7) + b")")


@add("contents: a name as long as the signature", "unreadable")
def _(world: World) -> bytes:
    start, end = world.gap
    return with_contents(world, b"/" + b"A" * (end - start - 1))


@add("contents: an odd number of digits", "altered")
def _(world: World) -> bytes:
    start, end = world.gap
    return with_contents(world, world.signed[start : end - 2] + b" >")


def with_byte_range(world: World, numbers: bytes) -> bytes:
    at = world.signed.rindex(b"/ByteRange [")
    end = world.signed.index(b"/Type", at)
    return world.signed[:at] + (b"/ByteRange [" + numbers + b"]").ljust(end - at) + world.signed[end:]


def _range_of(world: World) -> tuple[int, int, int]:
    start, end = world.gap
    return start, end, len(world.signed) - end


@add("byte range: starts behind the header", "altered")
def _(world: World) -> bytes:
    start, end, rest = _range_of(world)
    return with_byte_range(world, b"9 %d %d %d" % (start - 9, end, rest))


@add("byte range: ends before the last byte", "altered")
def _(world: World) -> bytes:
    start, end, rest = _range_of(world)
    return with_byte_range(world, b"0 %d %d %d" % (start, end, rest - 1))


@add("byte range: reaches behind the file", "altered")
def _(world: World) -> bytes:
    start, end, rest = _range_of(world)
    return with_byte_range(world, b"0 %d %d %d" % (start, end, rest + 1))


@add("byte range: a wider gap", "altered")
def _(world: World) -> bytes:
    start, end, rest = _range_of(world)
    return with_byte_range(world, b"0 %d %d %d" % (start - 20, end, rest))


@add("byte range: the same numbers with signs and zeros before", "altered")
def _(world: World) -> bytes:
    start, end, rest = _range_of(world)
    return with_byte_range(world, b"0 +%d 0%d %d" % (start, end, rest))


@add("byte range: six numbers", "altered")
def _(world: World) -> bytes:
    start, end, rest = _range_of(world)
    return with_byte_range(world, b"0 %d %d %d %d 0" % (start, end, rest, end + rest))


@add("byte range: negative", "altered")
def _(world: World) -> bytes:
    start, end, rest = _range_of(world)
    return with_byte_range(world, b"0 -%d %d %d" % (start, end, rest))


# --- before and behind ---

for _name, _tail, _verdict in (
    ("a line break", b"\n", "altered"),
    ("zeros", bytes(512), "altered"),
    ("a second end of file", b"%%EOF\n", "unreadable"),
    ("a comment", b"% checked by the authority\n", "altered"),
    ("half a megabyte of blanks", b" " * 500_000, "unreadable"),
    ("a page of HTML", b"<html><script>alert(1)</script></html>", "altered"),
):
    put(f"behind: {_name}", _verdict, lambda world, tail=_tail: world.signed + tail)


@add("behind: a ZIP archive that starts in the PDF", "altered")
def _(world: World) -> bytes:
    target = BytesIO(world.signed)
    target.seek(0, 2)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("run.bat", "echo")
    return target.getvalue()


for _name, _head, _verdict in (
    ("a blank", b" ", "altered"),
    ("a byte order mark", b"\xef\xbb\xbf", "altered"),
    ("a JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "not_pdf"),
    ("a page of HTML", b"<!DOCTYPE html>\n", "altered"),
    ("a ZIP", b"PK\x03\x04", "not_pdf"),
    ("a GIF", b"GIF89a", "not_pdf"),
    ("a script", b"#!/bin/sh\n", "altered"),
    ("another header", b"%PDF-1.7\n", "unreadable"),
    ("a header and a page of HTML", b"%PDF-1.7\n<html><script>alert(1)</script></html>\n", "unreadable"),
):
    put(f"before: {_name}", _verdict, lambda world, head=_head: head + world.signed)

# --- left out ---

for _part, _verdict in (
    (0.02, "unreadable"),
    (0.5, "unreadable"),
    (0.8, "unreadable"),
    (0.9, "unreadable"),
    (0.999, "unreadable"),
):
    put(
        f"cut: after {_part:.1%} of the file",
        _verdict,
        lambda world, part=_part: world.signed[: int(len(world.signed) * part)],
    )

put("cut: the first half missing", "not_pdf", lambda world: world.signed[len(world.signed) // 2 :])
put("cut: only the header", "unreadable", lambda world: b"%PDF-1.7\n")
put("cut: a hundred bytes in the middle", "unreadable", lambda world: world.signed[:30000] + world.signed[30100:])
put("cut: the signed revision removed", "unsigned", lambda world: world.signed[: world.signed.index(b"%%EOF") + 6])
put("joined: two genuine files", "unreadable", lambda world: world.signed + world.other)
put("joined: the same file twice", "altered", lambda world: world.signed * 2)
put("joined: a drawn file behind a genuine one", "unsigned", lambda world: world.signed + world.drawn)
put("joined: a genuine file behind a drawn one", "unreadable", lambda world: world.drawn + world.signed)
put("noise behind a header", "unreadable", lambda world: b"%PDF-1.7\n" + random.Random(7).randbytes(20_000))
put("empty", "not_pdf", lambda world: b"")


def _line_ends(new: bytes, world: World) -> bytes:
    return world.signed.replace(b"\n", new)


put("line ends of another system", "unreadable", partial(_line_ends, b"\r\n"))
