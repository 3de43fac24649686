import hashlib
import re
import zlib
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from common.files.pdf_scan import check_pdf
from common.files.uploads import IMAGES, FileType, check_upload, display_name, random_name, sniff


def uploaded(data: bytes, name: str = "扫描件.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 80)) -> bytes:
    stream = BytesIO()
    Image.new("RGB", size, "navy").save(stream, form)
    return stream.getvalue()


def pdf(*, compressed: bool = False, root: dict[str, bytes] | None = None, encrypted: bool = False) -> bytes:
    page = BytesIO()
    canvas = Canvas(page)
    canvas.drawString(100, 100, "scan")
    canvas.save()
    stream = BytesIO()
    with pikepdf.open(BytesIO(page.getvalue())) as document:
        for key, value in (root or {}).items():
            document.Root[key] = document.make_indirect(pikepdf.Object.parse(value))
        document.save(
            stream,
            object_stream_mode=pikepdf.ObjectStreamMode.generate if compressed else pikepdf.ObjectStreamMode.disable,
            encryption=pikepdf.Encryption(user="geheim", owner="geheim") if encrypted else False,
        )
    return stream.getvalue()


SCRIPT = {"/OpenAction": b"<< /S /JavaScript /JS (app.alert(1)) >>"}
LAUNCH = {"/OpenAction": b"<< /S /Launch /F (cmd.exe) >>"}
FILES = {"/Names": b"<< /EmbeddedFiles << /Names [] >> >>"}
FORM = {"/AcroForm": b"<< /XFA [] /Fields [] >>"}
HARMLESS = {"/OpenAction": b"<< /S /GoTo /D [0 /Fit] >>"}


def code(caught: pytest.ExceptionInfo[ValidationError]) -> str | None:
    return caught.value.code


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "object-streams"])
@pytest.mark.parametrize("root", [{}, HARMLESS], ids=["bare", "open-at-page"])
def test_scan_as_pdf_is_kept_as_it_is(root: dict[str, bytes], compressed: bool) -> None:
    data = pdf(root=root, compressed=compressed)
    checked = check_upload(uploaded(data))
    assert checked.data == data
    assert checked.file_type is FileType.PDF
    assert checked.sha256 == hashlib.sha256(data).hexdigest()
    assert checked.original_name == "扫描件.pdf"
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{40}\.pdf", checked.storage_name)


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "object-streams"])
@pytest.mark.parametrize(
    ("root", "cause"),
    [(SCRIPT, "含有脚本"), (LAUNCH, "含有会运行程序"), (FILES, "带附件"), (FORM, "含有可填写的表单")],
    ids=["script", "launch", "files", "form"],
)
def test_pdf_that_does_more_than_show_pages_is_refused(root: dict[str, bytes], cause: str, compressed: bool) -> None:
    data = pdf(root=root, compressed=compressed)
    if compressed:
        assert not re.search(rb"JavaScript|Launch|EmbeddedFiles|XFA", data)
    with pytest.raises(ValidationError, match=cause) as caught:
        check_upload(uploaded(data))
    assert code(caught) == "pdf-active"


def test_name_written_with_escapes_does_not_slip_through() -> None:
    data = pdf(root=SCRIPT).replace(b"/JavaScript", b"/J#61va#53cript")
    with pytest.raises(ValidationError) as caught:
        check_pdf(data)
    assert code(caught) == "pdf-active"


def test_locked_pdf_is_refused() -> None:
    with pytest.raises(ValidationError, match="密码") as caught:
        check_upload(uploaded(pdf(encrypted=True)))
    assert code(caught) == "pdf-encrypted"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\nnothing",
        pdf()[:-200],
        b"%PDF-1.5 /ObjStm startxref\n0\n%%EOF",
        pdf(compressed=True)[:700] + b"startxref 9\n%%EOF",
    ],
    ids=["head-only", "truncated", "object-stream-without-content", "broken-middle"],
)
def test_damaged_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(ValidationError, match="已损坏") as caught:
        check_upload(uploaded(data))
    assert code(caught) == "pdf-damaged"


def test_object_stream_that_unpacks_without_end_is_refused() -> None:
    bomb = zlib.compress(b" " * 300_000_000, 9)
    head = b"%PDF-1.5\n"
    stream = b"1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(bomb)
    body = head + stream + bomb + b"\nendstream\nendobj\n"
    table = b"2 0 obj\n<< /Type /XRef /Size 4 /W [1 4 1] /Root 3 0 R /Length 24 >>\nstream\n"
    entries = b"".join(
        kind.to_bytes(1, "big") + place.to_bytes(4, "big") + index.to_bytes(1, "big")
        for kind, place, index in ((0, 0, 255), (1, len(head), 0), (1, len(body), 0), (2, 1, 0))
    )
    data = body + table + entries + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    with pytest.raises(ValidationError) as caught:
        check_upload(uploaded(data))
    assert code(caught) == "pdf-damaged"


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_picture_is_written_anew_as_jpeg(form: str) -> None:
    payload = b"<script>alert(1)</script>"
    checked = check_upload(uploaded(picture(form) + payload, "证书.png"), IMAGES)
    assert checked.file_type is FileType.JPEG
    assert payload not in checked.data
    assert sniff(checked.data) is FileType.JPEG
    assert checked.storage_name.endswith(".jpg")
    assert checked.size == len(checked.data)


def test_name_and_declared_type_are_not_believed() -> None:
    disguised = SimpleUploadedFile("证书.jpg", b"<html><script>1</script>", content_type="image/jpeg")
    with pytest.raises(ValidationError, match="网页") as caught:
        check_upload(disguised)
    assert code(caught) == "upload-type"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest", "请先解压"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Word 或 Excel 文件（.doc、.xls）"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"GIF89a", "GIF"),
        (b"II*\0rest", "TIF 图片"),
        (b"MZ\x90\0", "程序"),
        (b"some text", "打不开的文件"),
    ],
)
def test_other_types_are_named(data: bytes, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        check_upload(uploaded(data))


def test_pdf_is_refused_where_only_pictures_are_allowed() -> None:
    with pytest.raises(ValidationError, match="请上传 JPG 图片、PNG 图片。您选的是 PDF 文件，这里用不了。请直接拍照"):
        check_upload(uploaded(pdf()), IMAGES)


def test_size_limit_names_the_limit_and_the_size() -> None:
    assert check_upload(uploaded(picture()), IMAGES, len(picture())).size
    with pytest.raises(ValidationError, match=r"最多 1 MB，这个文件有 1\.50 MB") as caught:
        check_upload(uploaded(picture() + bytes(1_500_000 - len(picture()))), IMAGES, 1_000_000)
    assert code(caught) == "upload-too-large"


def test_empty_file_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        check_upload(uploaded(b""))
    assert code(caught) == "upload-empty"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("扫描件.pdf", "扫描件.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\证书.jpg", "证书.jpg"),
        ("a\r\nb\0.pdf", "ab.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "未命名文件"),
        ("...", "未命名文件"),
        ("长" * 300 + ".pdf", "长" * 96 + ".pdf"),
        ("长" * 300, "长" * 100),
    ],
)
def test_name_for_display_is_harmless(given: str, shown: str) -> None:
    assert display_name(given) == shown
    assert len(display_name(given)) <= 100


def test_storage_names_never_repeat() -> None:
    assert len({random_name("pdf") for _ in range(1000)}) == 1000
