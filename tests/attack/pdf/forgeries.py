"""The published attacks on signed PDFs: universal forgery, wrapping, incremental saving, stripping, shadows, and re-saving."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from certificates.ecert.signing import PdfSigner
from tests.certificates.ecert.signed_files import signed_as_it_is, signing_config

from .updates import Update
from .variant import Variants, World

VARIANTS = Variants()
add, put = VARIANTS.add, VARIANTS.put

# --- universal signature forgery: a viewer that cannot check must not say "valid" ---


def _gap(world: World, contents: bytes) -> bytes:
    start, end = world.gap
    return world.signed[:start] + contents.ljust(end - start) + world.signed[end:]


def _field(mend: Callable[[Update], None]) -> Callable[[World], bytes]:
    """The signature's own dictionaries rewritten behind the file."""

    def make(world: World) -> bytes:
        update = Update(world.signed)
        mend(update)
        update.keep(update.field.V)
        return update.written()

    return make


def _set(key: str, value: object) -> Callable[[World], bytes]:
    return _field(lambda update: update.field.V.__setitem__(key, value))


def _drop(key: str) -> Callable[[World], bytes]:
    return _field(lambda update: update.field.V.__delitem__(key))


def _written_as(entry: bytes) -> Callable[[World], bytes]:
    def make(world: World) -> bytes:
        at = world.signed.rindex(b"/ByteRange [")
        end = world.signed.index(b"/Type", at)
        return world.signed[:at] + entry.ljust(end - at) + world.signed[end:]

    return make


put("universal: contents empty", "unreadable", lambda world: _gap(world, b"<>"))
put("universal: contents null", "unreadable", lambda world: _gap(world, b"null"))
put("universal: contents one zero", "unreadable", lambda world: _gap(world, b"<00>"))
put(
    "universal: contents only zeros",
    "unreadable",
    lambda world: _gap(world, b"<" + b"0" * (world.gap[1] - world.gap[0] - 2) + b">"),
)
put("universal: contents in round brackets", "unreadable", lambda world: _gap(world, b"(0)"))
put("universal: no contents", "unreadable", _drop("/Contents"))
put("universal: no byte range", "unreadable", _drop("/ByteRange"))
put("universal: byte range null", "altered", _written_as(b"/ByteRange null"))
put("universal: byte range empty", "altered", _set("/ByteRange", Array([])))
put("universal: byte range of two numbers", "altered", _set("/ByteRange", Array([0, 100])))
put("universal: byte range of nothing", "altered", _set("/ByteRange", Array([0, 0, 0, 0])))
put("universal: another kind of signature", "unsigned", _set("/SubFilter", Name("/adbe.x509.rsa_sha1")))
put("universal: no kind of signature", "unsigned", _drop("/SubFilter"))
put("universal: called a time-stamp", "unsigned", _set("/Type", Name.DocTimeStamp))


# --- wrapping: the signed bytes are all there, and others between them are read ---


def _wrapped(world: World, *, contents: bytes) -> bytes:
    """The signed revision says where its table of objects starts: there stands one of the attacker's."""
    start, end = world.gap
    first, second = world.signed[:start], world.signed[end:]
    table_at = int(world.signed.rsplit(b"startxref", 1)[1].split()[0])
    update = Update(world.signed)
    catalogue = update.root.unparse(resolved=True)
    number, root = update.field.V.objgen[0], update.root.objgen[0]
    signature = b"%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 %d %s %d] /Contents %s >>\nendobj\n"
    table = b"xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \ntrailer\n<< /Size 60 /Root %d 0 R /Prev 79779 >>\nstartxref\n%d\n%%%%EOF\n"
    catalogue_at, signature_at, gap_end = table_at + 512, table_at + 1536, table_at + 16384
    # Behind the table lie the catalogue with another page mode, and the signature's own object.
    body = contents.ljust(table_at - start)
    # The signed table has moved behind the gap; it still knows where all other objects are.
    previous = table_at + gap_end - end
    rows = table.replace(b"79779", b"%d" % previous) % (number, signature_at, root, catalogue_at, root, table_at)
    body += rows.ljust(512)
    fullscreen = b"%d 0 obj\n" % root + catalogue.replace(b"/UseNone", b"/FullScreen") + b"\nendobj\n"
    body += fullscreen.ljust(1024)
    body += signature % (number, start, b"%d" % gap_end, len(second), contents)
    return first + body.ljust(gap_end - start) + second


@add("wrapping: objects of an attacker between the signed parts", "altered")
def _(world: World) -> bytes:
    start, end = world.gap
    used = world.signed[start : end - 1].rstrip(b"0") + b"00>"
    return _wrapped(world, contents=used)


@add("wrapping: the signed second part moved to the end, its old place filled", "unreadable")
def _(world: World) -> bytes:
    start, end = world.gap
    evil = b"\n90 0 obj\n<< /Type /Catalog >>\nendobj\n"
    moved = world.signed[:end] + evil + world.signed[end:]
    return moved.replace(b"[0 %d %d " % (start, end), b"[0 %d %d " % (start, end + len(evil)))


@add("wrapping: one signature for two fields", "altered")
def _(world: World) -> bytes:
    update = Update(world.signed)
    copy = update.add(Dictionary(FT=Name.Sig, T=String("Copy"), V=update.field.V))
    update.root.AcroForm.Fields.append(copy)
    update.keep(update.root.AcroForm)
    return update.written()


@add("wrapping: the signature copied into a drawn file", "altered")
def _(world: World) -> bytes:
    update = Update(world.drawn)
    start, end = world.gap
    contents = String(bytes.fromhex(world.signed[start + 1 : end - 1].decode()))
    whole = Array([0, start, end, len(world.signed) - end])
    signature = update.add(
        Dictionary(Type=Name.Sig, SubFilter=Name("/ETSI.CAdES.detached"), Contents=contents, ByteRange=whole)
    )
    update.root.AcroForm = update.add(
        Dictionary(Fields=[update.add(Dictionary(FT=Name.Sig, T=String("Seal"), V=signature))], SigFlags=3)
    )
    update.keep(update.root)
    return update.written()


@add("wrapping: the signature of one certificate in the file of another holder", "altered")
def _(world: World) -> bytes:
    other = world.other
    start = other.rindex(b"/Contents <") + len(b"/Contents ")
    end = other.index(b">", start) + 1
    own = world.signed[world.gap[0] : world.gap[1] - 1].rstrip(b"0")
    return other[:start] + own.ljust(end - start - 1, b"0") + b">" + other[end:]


# --- incremental saving, with less than a whole revision ---

PAGE = b"16 0 obj\n<< /Type /Page /MediaBox [ 0 0 10 10 ] >>\nendobj\n"

put("saving: an object without a table", "altered", lambda world: world.signed + PAGE)
put(
    "saving: an object and a trailer without a table",
    "altered",
    lambda world: world.signed + PAGE + b"trailer\n<< /Root 37 0 R >>\n",
)
put(
    "saving: an object and the end of a file",
    "unreadable",
    lambda world: world.signed + PAGE + b"startxref\n%d\n%%%%EOF\n" % len(world.drawn),
)


@add("saving: the old table named again", "altered")
def _(world: World) -> bytes:
    table = world.signed.rsplit(b"startxref", 1)[1]
    return world.signed + PAGE + b"startxref" + table


@add("saving: the signature copied into the new revision", "altered")
def _(world: World) -> bytes:
    update = Update(world.signed)
    update.keep(update.field.V, update.field, update.page)
    return update.written()


# --- stripping ---


@add("stripping: no form", "unsigned")
def _(world: World) -> bytes:
    update = Update(world.signed)
    del update.root.AcroForm
    update.keep(update.root)
    return update.written()


@add("stripping: a form without fields", "unsigned")
def _(world: World) -> bytes:
    update = Update(world.signed)
    update.root.AcroForm.Fields = Array([])
    update.keep(update.root.AcroForm)
    return update.written()


@add("stripping: a field without value", "unsigned")
def _(world: World) -> bytes:
    update = Update(world.signed)
    del update.field.V
    update.keep(update.field)
    return update.written()


put("stripping: only what was drawn", "unsigned", lambda world: world.drawn)


# --- shadows: content laid ready before signing, here even signed with our own key ---


def _prepared(world: World) -> bytes:
    """Two catalogues with two pages of one file, and a cover over the first."""
    with pikepdf.open(BytesIO(world.drawn)) as document:
        cover = document.make_indirect(Stream(document, b"1 g 0 0 595 842 re f"))
        page = document.pages[0].obj
        page.Contents = Array([page.Contents, cover])
        hidden = Dictionary(Type=Name.Page, MediaBox=[0, 0, 595, 842], Contents=Stream(document, b"0 0 9 9 re f"))
        pages = document.make_indirect(Dictionary(Type=Name.Pages, Count=1, Kids=[document.make_indirect(hidden)]))
        document.Root.Shadow = document.make_indirect(Dictionary(Type=Name.Catalog, Pages=pages))
        target = BytesIO()
        document.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return signed_as_it_is(PdfSigner(signing_config(world.pki, tsa_url=world.tsa_url)), target.getvalue())


@add("shadow: the cover over prepared content taken away", "altered")
def _(world: World) -> bytes:
    update = Update(_prepared(world))
    cover = update.page.Contents[1]
    cover.write(b" ")
    update.keep(cover)
    return update.written()


@add("shadow: prepared content put in place of what was signed", "altered")
def _(world: World) -> bytes:
    update = Update(_prepared(world))
    page = update.page
    page.Contents = update.root.Shadow.Pages.Kids[0].Contents
    update.keep(page)
    return update.written()


@add("shadow: the hidden catalogue made the one that counts", "unsigned")
def _(world: World) -> bytes:
    update = Update(_prepared(world))
    update.trailer = b"/Root %d 0 R" % update.root.Shadow.objgen[0]
    return update.written().replace(b"/Root %d 0 R /Prev" % update.root.objgen[0], b"/Prev")


@add("shadow: a table that leaves an object out", "altered")
def _(world: World) -> bytes:
    signed = _prepared(world)
    previous = int(signed.rsplit(b"startxref", 1)[1].split()[0])
    update = Update(signed)
    number = update.page.Contents[1].objgen[0]
    table = b"xref\n0 1\n%010d 65535 f \n%d 1\n0000000000 00001 f \n" % (number, number)
    entries = b"/Size %d /Root %d 0 R /Prev %d" % (int(update.document.trailer.Size), update.root.objgen[0], previous)
    return signed + table + b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (entries, len(signed))


# --- saved again by another program ---


def _saved(world: World, **options: object) -> bytes:
    target = BytesIO()
    with pikepdf.open(BytesIO(world.signed)) as document:
        document.save(target, **options)
    return target.getvalue()


put("saved again: as it was", "altered", _saved)
put("saved again: linearised", "altered", lambda world: _saved(world, linearize=True))
put(
    "saved again: with streams of objects",
    "altered",
    lambda world: _saved(world, object_stream_mode=pikepdf.ObjectStreamMode.generate),
)
put("saved again: unpacked for reading", "altered", lambda world: _saved(world, qdf=True))
put("saved again: streams packed anew", "altered", lambda world: _saved(world, recompress_flate=True))
put("saved again: another version", "altered", lambda world: _saved(world, force_version="2.0"))
for _name, _passwords in {
    "with a password": {"owner": "a", "user": "b"},
    "with a password only for changes": {"owner": "a", "user": ""},
}.items():
    for _revision in (4, 6):
        put(
            f"saved again: encrypted {_name}, revision {_revision}",
            "unreadable",
            lambda world, words=_passwords, revision=_revision: _saved(
                world, encryption=pikepdf.Encryption(R=revision, **words)
            ),
        )


@add("saved again: its page in a new file", "unsigned")
def _(world: World) -> bytes:
    target = BytesIO()
    with pikepdf.open(BytesIO(world.signed)) as document, pikepdf.new() as fresh:
        fresh.pages.append(document.pages[0])
        fresh.save(target)
    return target.getvalue()


@add("saved again: in a portfolio", "unsigned")
def _(world: World) -> bytes:
    target = BytesIO()
    with pikepdf.new() as fresh:
        fresh.add_blank_page()
        fresh.attachments["certificate.pdf"] = world.signed
        fresh.save(target)
    return target.getvalue()
