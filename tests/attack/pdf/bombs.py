"""Small files that want to cost much: loops, floods, claims and packed nothing."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

from .variant import Variants, World

VARIANTS = Variants()
MB = 1024 * 1024
REFUSED = "unreadable or unsigned or altered"
"""Whether such a file is read to its end depends on how fast the machine is."""
HEAD = b"%PDF-1.7\n"
SIGNATURE = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 10 20 30] /Contents <3003020101> >>"


def written(objects: Mapping[int, bytes], *, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Numbered objects with their table."""
    parts, rows, at = [HEAD], [], len(HEAD)
    for number, content in sorted(objects.items()):
        part = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        rows.append(b"%d 1\n%010d 00000 n \n" % (number, at))
        parts.append(part)
        at += len(part)
    table = b"xref\n0 1\n0000000000 65535 f \n" + b"".join(rows)
    end = b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, trailer, at)
    return b"".join(parts) + table + end


def with_table(stream: bytes, entries: bytes, *, objects: bytes = b"") -> bytes:
    """A file whose table of objects is a stream."""
    at = len(HEAD) + len(objects)
    table = b"9 0 obj\n<< /Type /XRef /Length %d %s >>\nstream\n%s\nendstream\nendobj\n" % (
        len(stream),
        entries,
        stream,
    )
    return HEAD + objects + table + b"startxref\n%d\n%%%%EOF\n" % at


def form(fields: bytes, others: Mapping[int, bytes] | None = None, *, root: bytes = b"") -> bytes:
    catalogue = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [%s] >> %s >>" % (fields, root)
    pages = b"<< /Type /Pages /Count 0 /Kids [] >>"
    return written({1: catalogue, 2: pages, 5: SIGNATURE, **(others or {})})


FIELD = b"<< /FT /Sig /T (a) /V 5 0 R >>"


def bomb(name: str, make: Callable[[], bytes]) -> None:
    VARIANTS.put(f"bomb: {name}", REFUSED, lambda world: make())


# --- fields ---

bomb("300,000 times the same field", lambda: form(b"4 0 R " * 300_000, {4: FIELD}))
bomb("50,000 fields of a line each", lambda: form(b"<</FT/Sig/T(a)/V 5 0 R>> " * 50_000))
bomb("a field that is its own child", lambda: form(b"4 0 R", {4: b"<< /T (a) /Kids [4 0 R] >>"}))
bomb(
    "two fields that are each other's children",
    lambda: form(b"4 0 R", {4: b"<</T(a)/Kids[6 0 R 6 0 R]>>", 6: b"<</T(b)/Kids[4 0 R 4 0 R]>>"}),
)
bomb("a field that is its own parent", lambda: form(b"4 0 R", {4: b"<< /T (a) /Parent 4 0 R /V 5 0 R >>"}))
bomb(
    "a chain of 20,000 fields",
    lambda: form(b"6 0 R", {n: b"<</T(a)/Kids[%d 0 R]>>" % (n + 1) for n in range(6, 20_006)}),
)
bomb(
    "fields that double at each of 40 levels",
    lambda: form(b"6 0 R", {n: b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (n + 1, n + 1) for n in range(6, 46)}),
)
bomb("a value that refers to itself", lambda: form(b"4 0 R", {4: FIELD, 5: b"5 0 R"}))
bomb("a name of four megabytes", lambda: form(b"4 0 R", {4: b"<< /FT /Sig /T (%s) /V 5 0 R >>" % (b"a" * 4 * MB)}))

# --- pages ---

LOOP = b"<< /Type /Pages /Count 1000000 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>"
bomb("pages that are their own children", lambda: written({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: LOOP}))
bomb("signed pages that are their own children", lambda: form(b"4 0 R", {2: LOOP, 4: FIELD}))

# --- tables ---


def _chain(count: int, *, loops: bool) -> bytes:
    parts = [written({1: b"<< /Type /Catalog >>"})]
    at, previous = len(parts[0]), int(parts[0].rsplit(b"startxref", 1)[1].split()[0])
    for number in range(count):
        before = at if loops and number == count - 1 else previous
        part = b"xref\n0 0\ntrailer<</Size 2/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (before, at)
        parts.append(part)
        previous, at = at, at + len(part)
    return b"".join(parts)


bomb("a table that is its own predecessor", lambda: _chain(1, loops=True))
bomb("40,000 revisions", lambda: _chain(40_000, loops=False))
bomb(
    "a table that claims a hundred million rows",
    lambda: HEAD + b"xref\n0 99999999\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n9\n%%EOF\n",
)
bomb(
    "a table of 240,000 rows",
    lambda: (
        HEAD
        + b"xref\n0 240000\n"
        + b"0000000009 00000 n \n" * 240_000
        + b"trailer<</Size 240000/Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    ),
)
bomb(
    "a table of 200,000 sections",
    lambda: (
        HEAD
        + b"xref\n"
        + b"0 1\n0000000000 65535 f \n" * 200_000
        + b"trailer<</Size 2/Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    ),
)
bomb(
    "a packed table of 400 MB",
    lambda: with_table(
        zlib.compress(bytes(400 * MB), 9), b"/Filter /FlateDecode /W [1 4 1] /Size 69000000 /Root 1 0 R"
    ),
)
bomb(
    "a packed table of 4 MB",
    lambda: with_table(
        zlib.compress(b"\1\0\0\0\x09\0" * 700_000, 9), b"/Filter /FlateDecode /W [1 4 1] /Size 700000 /Root 1 0 R"
    ),
)
bomb("a table with rows of no width", lambda: with_table(b"", b"/W [0 0 0] /Size 2000000000 /Root 1 0 R"))
bomb(
    "a table with an index of a billion",
    lambda: with_table(b"\1\0\0\0\x09\0", b"/W [1 4 1] /Index [0 1000000000] /Size 2 /Root 1 0 R"),
)
bomb("a table with rows of a gigabyte", lambda: with_table(b"\1", b"/W [1000000000 1000000000 1] /Size 2 /Root 1 0 R"))
bomb(
    "a table with a predictor of a billion columns",
    lambda: with_table(
        zlib.compress(bytes(MB)),
        b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 1000000000 >> /W [1 4 1] /Size 9 /Root 1 0 R",
    ),
)
bomb("a start of five hundred thousand digits", lambda: HEAD + b"startxref\n" + b"9" * 500_000 + b"\n%%EOF\n")
bomb("a last line of 4.9 megabytes", lambda: HEAD + b"x" * (4 * MB + 900_000))
bomb("nothing but line breaks", lambda: HEAD + b"\n" * (4 * MB))
bomb("nothing but ends of files", lambda: HEAD + b"startxref\n9\n%%EOF\n" * 250_000)

# --- objects ---


def catalogue(content: bytes) -> bytes:
    return written({1: b"<< /Type /Catalog /AcroForm << /Fields [4 0 R] >> /X %s >>" % content, 4: FIELD, 5: SIGNATURE})


bomb("10,000 nested arrays", lambda: catalogue(b"[" * 10_000 + b"]" * 10_000))
bomb("a million opened arrays", lambda: catalogue(b"[" * MB))
bomb("10,000 nested dictionaries", lambda: catalogue(b"<</A" * 10_000 + b" 1" + b">>" * 10_000))
bomb("100,000 nested brackets in a text", lambda: catalogue(b"(" * 100_000 + b")" * 100_000))
bomb("two million numbers", lambda: catalogue(b"[" + b"1 " * 2_000_000 + b"]"))
bomb("400,000 keys", lambda: catalogue(b"<<" + b"".join(b"/%06x 1" % n for n in range(400_000)) + b">>"))
bomb("a number of a million digits", lambda: catalogue(b"9" * MB))
bomb("a fraction of a million digits", lambda: catalogue(b"0." + b"3" * MB))
bomb("a name of four million letters", lambda: catalogue(b"/" + b"#41" * MB))
bomb("a hexadecimal text of four megabytes", lambda: catalogue(b"<" + b"41" * 2 * MB + b">"))
bomb("four megabytes of escapes", lambda: catalogue(b"(" + b"\\101" * MB + b")"))
bomb("four megabytes of comment lines", lambda: catalogue(b"%\n" * 2 * MB + b"1"))
bomb("four megabytes of blanks", lambda: catalogue(b" " * 4 * MB + b"1"))

# --- streams ---


def packed(content: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    return content


def in_object_stream(content: bytes, entries: bytes, *, number: int = 1) -> bytes:
    """The catalogue is said to be in the object stream 2."""
    stream = b"2 0 obj\n<< /Type /ObjStm /Length %d %s >>\nstream\n%s\nendstream\nendobj\n" % (
        len(content),
        entries,
        content,
    )
    rows = b"\0\0\0\0\0\xff" + b"\2\0\0\0\2\0" + b"\1" + len(HEAD).to_bytes(4, "big") + b"\0"
    if number == 2:
        rows = b"\0\0\0\0\0\xff" + b"\2\0\0\0\2\0" + b"\2\0\0\0\2\1"
    return with_table(rows, b"/W [1 4 1] /Index [0 3] /Size 10 /Root 1 0 R", objects=stream)


bomb(
    "an object stream of 400 MB",
    lambda: in_object_stream(packed(bytes(400 * MB)), b"/N 1 /First 4 /Filter /FlateDecode"),
)
bomb(
    "an object stream of 4 GB",
    lambda: in_object_stream(packed(packed(bytes(64 * MB)) * 64), b"/N 1 /First 4 /Filter [/FlateDecode /FlateDecode]"),
)
bomb(
    "an object stream with two thousand filters",
    lambda: in_object_stream(b"61" * 1000, b"/N 1 /First 4 /Filter [%s]" % (b"/ASCIIHexDecode " * 2000)),
)
bomb(
    "an object stream of run lengths",
    lambda: in_object_stream(b"\x81\0" * 2 * MB, b"/N 1 /First 4 /Filter /RunLengthDecode"),
)
bomb(
    "an object stream that claims a billion objects", lambda: in_object_stream(b"7 0 " * MB, b"/N 1000000000 /First 4")
)
bomb("an object stream that contains itself", lambda: in_object_stream(b"2 0 <<>>", b"/N 1 /First 4", number=2))
bomb("a stream whose length is itself", lambda: written({1: b"<< /Length 1 0 R >>\nstream\nx\nendstream"}))
bomb("a stream that claims a terabyte", lambda: written({1: b"<< /Length 1000000000000 >>\nstream\nx\nendstream"}))

# --- signatures ---


def signed(contents: bytes, byte_range: bytes = b"[0 10 20 30]") -> bytes:
    signature = b"<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange %s /Contents <%s> >>" % (
        byte_range,
        contents,
    )
    return form(b"4 0 R", {4: FIELD, 5: signature})


def der(tag: int, content: bytes) -> bytes:
    return bytes([tag, 0x84]) + len(content).to_bytes(4, "big") + content


def cms_of(certificates: bytes = b"", signers: bytes = b"") -> bytes:
    body = b"\x02\x01\x01" + der(0x31, b"") + der(0x30, bytes.fromhex("06092a864886f70d010701"))
    whole = der(0x30, body + der(0xA0, certificates) + der(0x31, signers))
    return der(0x30, bytes.fromhex("06092a864886f70d010702") + der(0xA0, whole)).hex().upper().encode()


bomb("a signature of four megabytes of zeros", lambda: signed(b"0" * 4 * MB))
bomb("a signature of four megabytes of digits", lambda: signed(b"3084001E8000" + b"04" * 2 * MB))
bomb("a signature nested 100,000 deep", lambda: signed(b"3080" * 100_000))
bomb("a signature with 200,000 empty certificates", lambda: signed(cms_of(certificates=b"\x30\x00" * 200_000)))
bomb("a signature with 200,000 empty signers", lambda: signed(cms_of(signers=b"\x30\x00" * 200_000)))
bomb("a byte range of a hundred thousand numbers", lambda: signed(b"3000", b"[" + b"0 1 " * 100_000 + b"]"))
bomb("a byte range beyond every file", lambda: signed(b"3000", b"[0 99999999999999999999 99999999999999999999 1]"))


@VARIANTS.add("bomb: 5,000 revisions behind a genuine file", REFUSED)
def _(world: World) -> bytes:
    at = len(world.signed)
    previous = int(world.signed.rsplit(b"startxref", 1)[1].split()[0])
    root = world.signed.rsplit(b"/Root ", 1)[1].split()[0]
    parts = [world.signed]
    for _number in range(5_000):
        part = b"xref\n0 0\ntrailer<</Size 54/Root %s 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (root, previous, at)
        parts.append(part)
        previous, at = at, at + len(part)
    return b"".join(parts)


@VARIANTS.add("bomb: a genuine file and four megabytes behind", REFUSED)
def _(world: World) -> bytes:
    return world.signed + b"0" * 4 * MB
