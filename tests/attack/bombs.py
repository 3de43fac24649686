"""Small files that cost a careless reader much time or memory. Nothing here is random or needs the portal."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Callable, Iterable
from io import BytesIO

from PIL import Image

# --- PDF ---


def _pdf(objects: Iterable[bytes], *, trailer: bytes = b"") -> bytes:
    """Objects numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, table)
    return bytes(out)


_SIGNATURE = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 10 20 10]/Contents<%s>>>"


def pdf_of_signature_fields(count: int = 300_000) -> bytes:
    """1.8 MB. One field, named so many times in the form."""
    return _pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[%s]>>>>" % (b"3 0 R " * count),
            b"<</Type/Pages/Kids[]/Count 0>>",
            b"<</FT/Sig/T(s)/V 4 0 R>>",
            _SIGNATURE % b"3000",
        ]
    )


def _der(tag: int, content: bytes) -> bytes:
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def pdf_of_huge_cms(size: int = 2_300_000) -> bytes:
    """4.6 MB, nearly all of it one signature: digest algorithms without end."""
    algorithm = bytes.fromhex("300b0609608648016503040201")
    data = _der(0x02, b"\1") + _der(0x31, algorithm * (size // len(algorithm)))
    data += _der(0x30, bytes.fromhex("06092a864886f70d010701")) + _der(0x31, b"")
    content = _der(0x30, bytes.fromhex("06092a864886f70d010702") + _der(0xA0, _der(0x30, data)))
    return _pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[3 0 R]>>>>",
            b"<</Type/Pages/Kids[]/Count 0>>",
            b"<</FT/Sig/T(s)/V 4 0 R>>",
            _SIGNATURE % content.hex().encode(),
        ]
    )


def deflated(size: int, *, level: int = 9) -> bytes:
    """So many zeros, compressed piece by piece."""
    packer = zlib.compressobj(level)
    piece = bytes(1 << 20)
    whole, rest = divmod(size, len(piece))
    parts = [packer.compress(piece) for _ in range(whole)]
    return b"".join([*parts, packer.compress(bytes(rest)), packer.flush()])


def pdf_of_wide_xref(size: int = 400_000_000) -> bytes:
    """0.4 MB. The table of contents is a stream that claims so many bytes."""
    head = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    packed = deflated(size)
    table = b"3 0 obj\n<</Type/XRef/Size %d/W[1 4 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n"
    return (
        head + table % (size // 6, len(packed)) + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)
    )


def pdf_of_long_prev_chain(count: int = 40_000) -> bytes:
    """2.4 MB. So many revisions, each of which names the one before."""
    out = bytearray(_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]))
    previous = int(out.rsplit(b"startxref", 1)[1].split()[0])
    for _ in range(count):
        place = len(out)
        out += b"xref\n0 0\ntrailer\n<</Size 3/Root 1 0 R/Prev %d>>\n" % previous
        previous = place
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % previous)


def pdf_of_nested_arrays(depth: int = 200_000) -> bytes:
    return _pdf([b"<</Type/Catalog/Pages 2 0 R/A%s>>" % (b"[" * depth), b"<</Type/Pages/Kids[]/Count 0>>"])


# --- PNG ---

PNG = b"\x89PNG\r\n\x1a\n"


def png_chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width: int, height: int, *, depth: int = 8, colour: int = 2, interlaced: bool = False) -> bytes:
    return PNG + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced)))


_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def png_of_zeros(width: int, height: int, *, depth: int = 8, colour: int = 2, extra: bytes = b"") -> bytes:
    """Well formed and all black or transparent; `extra` chunks stand before the pixels."""
    row = 1 + width * _CHANNELS[colour] * depth // 8
    head = png_header(width, height, depth=depth, colour=colour)
    return head + extra + png_chunk(b"IDAT", deflated(row * height)) + png_chunk(b"IEND")


def png_of_sixteen_bits(width: int = 8_000, height: int = 5_000) -> bytes:
    """40 million pixels with 16 bits of red, green, blue and transparency: 0.3 MB, unpacked 320 MB."""
    return png_of_zeros(width, height, depth=16, colour=6)


def png_of_many_chunks(count: int = 400_000) -> bytes:
    """4.8 MB of empty chunks before a small picture."""
    return png_of_zeros(600, 840, extra=png_chunk(b"teSt") * count)


def png_of_many_data_chunks(count: int = 300_000) -> bytes:
    """Its pixels come in pieces of no length at all."""
    small = png_of_zeros(600, 840)
    at = small.index(b"IDAT") - 4
    return small[:at] + png_chunk(b"IDAT") * count + small[at:]


def png_of_profile(size: int = 1_000_000_000) -> bytes:
    """1 MB; the colour profile unpacks to 1 GB."""
    return png_of_zeros(600, 840, extra=png_chunk(b"iCCP", b"p\0\0" + deflated(size)))


def png_of_text(size: int = 1_000_000_000) -> bytes:
    return png_of_zeros(600, 840, extra=png_chunk(b"zTXt", b"t\0\0" + deflated(size)))


def png_of_international_text(size: int = 1_000_000_000) -> bytes:
    return png_of_zeros(600, 840, extra=png_chunk(b"iTXt", b"t\0\1\0\0\0" + deflated(size)))


def png_of_many_texts(count: int = 1_000, size: int = 1_000_000) -> bytes:
    """Each text is small enough for a limit on one of them."""
    return png_of_zeros(600, 840, extra=png_chunk(b"zTXt", b"t\0\0" + deflated(size)) * count)


def png_of_exif(size: int = 5_000_000) -> bytes:
    entries = (size - 6) // 12
    # A directory says in two bytes how many entries it has; the rest is what a reader has to skip.
    exif = b"MM\0*\0\0\0\x08" + struct.pack(">H", min(entries, 65_535)) + b"\1\x0e\0\2\0\0\0\1\0\0\0\0" * entries
    return png_of_zeros(600, 840, extra=png_chunk(b"eXIf", exif))


def png_of_many_frames(count: int = 20_000) -> bytes:
    """An animation (APNG)."""
    extra = png_chunk(b"acTL", struct.pack(">II", count, 0))
    frames, sequence = [], 0
    pixels = deflated((1 + 600 * 3) * 840)
    for _ in range(count):
        control = struct.pack(">IIIIIHHBB", sequence, 600, 840, 0, 0, 1, 25, 0, 0)
        frames.append(png_chunk(b"fcTL", control) + png_chunk(b"fdAT", struct.pack(">I", sequence + 1) + pixels[:100]))
        sequence += 2
    whole = png_of_zeros(600, 840, extra=extra)
    end = len(whole) - 12
    return whole[:end] + b"".join(frames) + whole[end:]


def png_of_claimed_size(width: int = 60_000, height: int = 60_000) -> bytes:
    """Only its header."""
    return png_header(width, height) + png_chunk(b"IDAT", deflated(1_000)) + png_chunk(b"IEND")


# --- JPEG ---


def jpeg_segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _bits(text: str) -> bytes:
    padded = text + "1" * (-len(text) % 8)
    return int(padded, 2).to_bytes(len(padded) // 8, "big").replace(b"\xff", b"\xff\0") if padded else b""


def jpeg_of_many_scans(width: int = 4_000, height: int = 3_000, scans: int = 10_000) -> bytes:
    """0.3 MB. Progressive; every scan goes through the whole picture again and changes nothing."""
    blocks = ((width + 7) // 8) * ((height + 7) // 8)
    out = [b"\xff\xd8", jpeg_segment(0xDB, b"\0" + b"\1" * 64)]
    out.append(jpeg_segment(0xC2, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"))
    # One code of one bit each: "0" is a difference of nothing, and a run of up to 32767 blocks without coefficients.
    out.append(jpeg_segment(0xC4, b"\x00" + b"\1" + bytes(15) + b"\0"))
    out.append(jpeg_segment(0xC4, b"\x10" + b"\1" + bytes(15) + b"\xe0"))
    out.append(jpeg_segment(0xDA, b"\1\1\0\0\0\0") + _bits("0" * blocks))
    runs = ["0" + format(min(blocks - at, 32_767) - 16_384, "014b") for at in range(0, blocks, 32_767)]
    if blocks % 32_767 < 16_384:
        # The last run is too short for this code: it may as well run over the end.
        runs[-1] = "0" + "0" * 14
    scan = jpeg_segment(0xDA, b"\1\1\0\1\x3f\0") + _bits("".join(runs))
    return b"".join([*out, scan * scans, b"\xff\xd9"])


def _small_jpeg() -> bytes:
    target = BytesIO()
    Image.new("RGB", (600, 840), (200, 200, 200)).save(target, "JPEG")
    return target.getvalue()


def jpeg_of_exif(count: int = 70) -> bytes:
    """4.6 MB of EXIF in segments of the largest size, each a directory that leads back to itself."""
    loop = b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", 5_000) + b"\x87\x69\0\4\0\0\0\1\0\0\0\x08" * 5_000
    plain = _small_jpeg()
    return plain[:2] + jpeg_segment(0xE1, loop + b"\0\0\0\x08") * count + plain[2:]


def jpeg_of_many_segments(count: int = 800_000) -> bytes:
    plain = _small_jpeg()
    return plain[:2] + jpeg_segment(0xFE, b"") * count + plain[2:]


# --- other animations ---


def gif_of_many_frames(count: int = 100_000) -> bytes:
    """4 MB."""
    head = b"GIF89a" + struct.pack("<HHBBB", 600, 840, 0x80, 0, 0) + bytes(6)
    frame = b"!\xf9\4\0\1\0\0\0" + b"," + struct.pack("<HHHHB", 0, 0, 600, 840, 0) + b"\2\x02\x4c\x01\0"
    return head + frame * count + b";"


def webp_of_many_frames(count: int = 50_000) -> bytes:
    target = BytesIO()
    Image.new("RGB", (16, 16)).save(target, "WEBP", lossless=True)
    picture = target.getvalue()[12:]
    body = b"\0" * 6 + (15).to_bytes(3, "little") * 2 + (40).to_bytes(3, "little") + b"\0" + picture
    frame = b"ANMF" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    side = (599).to_bytes(3, "little") + (839).to_bytes(3, "little")
    content = b"WEBPVP8X" + struct.pack("<I", 10) + b"\2\0\0\0" + side
    content += b"ANIM" + struct.pack("<I", 6) + bytes(6) + frame * count
    return b"RIFF" + struct.pack("<I", len(content)) + content


PDFS: dict[str, Callable[[], bytes]] = {
    "signature fields": pdf_of_signature_fields,
    "huge cms": pdf_of_huge_cms,
    "wide xref": pdf_of_wide_xref,
    "prev chain": pdf_of_long_prev_chain,
    "nested arrays": pdf_of_nested_arrays,
}
PICTURES: dict[str, Callable[[], bytes]] = {
    "png 16 bits": png_of_sixteen_bits,
    "png many chunks": png_of_many_chunks,
    "png many data chunks": png_of_many_data_chunks,
    "png profile": png_of_profile,
    "png text": png_of_text,
    "png international text": png_of_international_text,
    "png many texts": png_of_many_texts,
    "png exif": png_of_exif,
    "png many frames": png_of_many_frames,
    "png claimed size": png_of_claimed_size,
    "jpeg many scans": jpeg_of_many_scans,
    "jpeg exif": jpeg_of_exif,
    "jpeg many segments": jpeg_of_many_segments,
    "gif many frames": gif_of_many_frames,
    "webp many frames": webp_of_many_frames,
}


@functools.cache
def pdf_bombs() -> dict[str, bytes]:
    """By name; each is below 5 MB, so that no limit of size alone refuses it."""
    return {name: make() for name, make in PDFS.items()}


@functools.cache
def picture_bombs() -> dict[str, bytes]:
    """By name; each is below 5 MB."""
    return {name: make() for name, make in PICTURES.items()}
