"""Files as telephones, scanners and other programs write them: read as what they show, or refused by their one true cause."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

import pikepdf
import pillow_heif
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.ecert.render import render
from certificates.ecert.signing import PdfSigner
from common.files import kinds
from common.files.images import browser_picture
from common.files.kinds import kind_of
from common.files.uploads import CheckedUpload, FileType, check_upload
from devtools.demo_keys.pki import DemoPki, ensure_demo_pki
from tests.certificates.ecert.faces import face
from tests.certificates.ecert.signed_files import signed_as_it_is, signed_pdf, signing_config
from tests.common.files.test_images import assert_plain_jpeg, encoded, is_near, opened, picture
from tests.common.files.test_uploads import FILES, FORM, LAUNCH, SCRIPT, pdf


def taken(data: bytes) -> CheckedUpload:
    return check_upload(SimpleUploadedFile("扫描件", data))


def refusal(data: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        taken(data)
    return " ".join(caught.value.messages)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> DemoPki:
    return ensure_demo_pki(tmp_path_factory.mktemp("pki") / "shared")


def protected(
    *, user: str = "", revision: int = 6, compressed: bool = False, root: dict[str, bytes] | None = None
) -> bytes:
    stream = BytesIO()
    with pikepdf.open(BytesIO(pdf(root=root))) as document:
        document.save(
            stream,
            encryption=pikepdf.Encryption(
                owner="ownerpw",
                user=user,
                R=revision,
                aes=revision >= 4,
                metadata=revision >= 4,
                allow=pikepdf.Permissions(modify_other=False, print_highres=False),
            ),
            object_stream_mode=pikepdf.ObjectStreamMode.generate if compressed else pikepdf.ObjectStreamMode.disable,
        )
    return stream.getvalue()


# --- M9: PDFs that anybody can read ---


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "object-streams"])
@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_reading_m9_pdf_with_only_an_owner_password_is_kept_as_it_is(revision: int, compressed: bool) -> None:
    data = protected(revision=revision, compressed=compressed)
    checked = taken(data)
    assert checked.data == data
    assert checked.file_type is FileType.PDF
    with pikepdf.open(BytesIO(checked.data)) as shown:
        assert len(shown.pages) == 1


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "object-streams"])
def test_reading_m9_pdf_that_wants_a_password_is_refused_by_that_name(compressed: bool) -> None:
    sentence = refusal(protected(user="geheim", compressed=compressed))
    assert "打开密码" in sentence
    assert "附件" not in sentence


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "object-streams"])
def test_reading_m9_script_in_a_protected_pdf_is_still_found(compressed: bool) -> None:
    assert "含有脚本" in refusal(protected(root=SCRIPT, compressed=compressed))


CAUSES = {"脚本": SCRIPT, "运行程序": LAUNCH, "附件": FILES, "表单": FORM}


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "object-streams"])
@pytest.mark.parametrize("cause", CAUSES)
def test_reading_m9_refusal_names_the_one_true_cause(cause: str, compressed: bool) -> None:
    named = refusal(pdf(root=CAUSES[cause], compressed=compressed)).partition("不能接收")[0]
    assert [word for word in CAUSES if word in named] == [cause]


def test_reading_m9_two_causes_are_both_named() -> None:
    named = refusal(pdf(root={**SCRIPT, **FORM})).partition("不能接收")[0]
    assert [word for word in CAUSES if word in named] == ["脚本", "表单"]


def test_reading_m9_signed_certificate_of_this_portal_is_evidence(pki: DemoPki) -> None:
    data = signed_pdf(pki, pdf=render(face()))
    assert b"/EmbeddedFile" in data
    assert taken(data).data == data


def attached(name: str, content: bytes) -> bytes:
    stream = BytesIO()
    with pikepdf.open(BytesIO(pdf())) as document:
        document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
        document.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "is_data"),
    [
        ("data.json", b'{"number": "1"}', True),
        ("data.xml", b"<?xml version='1.0'?><licence><number>1</number></licence>", True),
        ("data.json", b"MZ\x90\0", False),
        ("data.exe", b'{"number": "1"}', False),
        ("data.xml", b"<html><script>alert(1)</script></html>", False),
        ("data.xml", b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", False),
        ("data.json", b'"' + b"a" * 1_000_001 + b'"', False),
    ],
)
def test_reading_m9_signed_file_may_carry_data_and_nothing_else(
    pki: DemoPki, name: str, content: bytes, is_data: bool
) -> None:
    unsigned = attached(name, content)
    assert "带附件" in refusal(unsigned)
    signed = signed_as_it_is(PdfSigner(signing_config(pki)), unsigned)
    if is_data:
        assert taken(signed).data == signed
    else:
        assert "带附件" in refusal(signed)


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "object-streams"])
@pytest.mark.parametrize(
    "root",
    [
        {"/AF": b"[<< /Type /Filespec /F (a.exe) /EF << /F (bytes) >> >>]"},
        {"/Annots": b"[<< /Subtype /FileAttachment /FS << /F (a.exe) >> >>]"},
    ],
    ids=["described", "pinned"],
)
def test_reading_m9_attachment_that_does_not_call_itself_one_is_found(root: dict[str, bytes], compressed: bool) -> None:
    assert "带附件" in refusal(pdf(root=root, compressed=compressed))


# --- m6: bytes around a PDF ---


def reads(data: bytes) -> bool:
    reader = PdfFileReader(BytesIO(data), strict=True)
    return int(reader.root["/Pages"]["/Count"]) == 1


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "object-streams"])
@pytest.mark.parametrize("before", [b"\r\n", b"\0" * 200, b"\xef\xbb\xbf", b"\n" * 1000, b"HTTP/1.1 200 OK\r\n\r\n"])
def test_reading_m6_bytes_before_the_header_are_taken_off(before: bytes, compressed: bool) -> None:
    whole = pdf(compressed=compressed)
    assert taken(before + whole).data == whole


@pytest.mark.parametrize("before", [b"\r\n", b"\0" * 200, b"\xef\xbb\xbf"])
def test_reading_m6_offsets_that_count_the_bytes_before_stay_right(before: bytes) -> None:
    whole = pdf()

    def moved(found: re.Match[bytes]) -> bytes:
        return b"%010d 00000 n" % (int(found[1]) + len(before))

    shifted = re.sub(rb"([0-9]{10}) 00000 n", moved, whole)
    start = int(re.findall(rb"startxref\s+([0-9]+)", whole)[-1])
    shifted = before + shifted.replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + len(before)))
    stored = taken(shifted).data
    assert stored.startswith(b"%PDF-1.")
    assert reads(stored)


@pytest.mark.parametrize("behind", [b"\0" * 3000, b"\x1a", b"\r\n" * 2000, b"\0" * 200_000])
def test_reading_m6_what_fills_up_behind_the_end_is_taken_off(behind: bytes) -> None:
    whole = pdf()
    assert taken(whole + behind).data == whole.rstrip() + b"\n"
    assert reads(taken(whole + behind).data)


@pytest.mark.parametrize("behind", [b"", b"\n", b"\r\n\r\n"])
def test_reading_m6_line_breaks_behind_the_end_stay(behind: bytes) -> None:
    whole = pdf() + behind
    assert taken(whole).data == whole


@pytest.mark.parametrize("before", [b"x" * 1025, b"MZ\x90\0", b"PK\x03\x04", b"GIF89a"])
def test_reading_m6_file_of_another_kind_is_no_pdf(before: bytes) -> None:
    refusal(before + pdf())


@pytest.mark.parametrize(
    ("data", "label", "advice"),
    [
        (b"PK\x03\x04....OFD.xml....", "OFD", "另存为或打印为 PDF"),
        (b"PK\x03\x04....word/document.xml", "Word", "另存为 PDF"),
        (b"PK\x03\x04....photo.jpg", "压缩包", "先解压"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "视频", "截屏"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JXL 图片", "另存为 JPG"),
    ],
)
def test_reading_m6_other_kinds_are_named_with_the_right_advice(data: bytes, label: str, advice: str) -> None:
    sentence = refusal(data)
    assert label in sentence
    assert advice in sentence


SENT = (
    b"\xd0\xcf\x11\xe0",
    b"PK\x03\x04....word/document.xml",
    b"PK\x03\x04....xl/workbook.xml",
    b"PK\x03\x04....ppt/presentation.xml",
    b"PK\x03\x04....OFD.xml",
    b"PK\x03\x04....photo.jpg",
    b"Rar!\x1a",
    b"II*\0",
    b"\0\0\0\x0cjP  ",
    b"8BPS",
    b"{\\rtf1",
    b"%!PS",
    b"AT&TFORM",
    b"MZ\x90",
    b"<html>",
    b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
    b"some text",
    b"%PDF-1.7",
    b"GIF89a",
)


@pytest.mark.parametrize("data", SENT)
def test_whatever_is_sent_is_named_without_words_of_technicians_and_with_a_way(data: bytes) -> None:
    sentence = kinds.refusal("请上传照片", data)
    assert re.fullmatch(r"请上传照片。您选的是.+?，这里用不了。请.+。", sentence), sentence
    assert not re.search("收到的是|TIFF|PostScript|DjVu|JPEG 2000|XML|Office|格式错误|类型", sentence), sentence
    assert re.search("拍|截屏|解压|PDF", sentence.partition("用不了")[2]), sentence


@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_a_broken_photograph_of_a_telephone_is_told_with_the_way_to_a_whole_one(brand: bytes) -> None:
    sentence = refusal(b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1" + brand)
    assert "HEIC 照片（苹果等手机拍的照片），但没有存完整" in sentence
    assert "截屏" in sentence
    assert "拍一张清楚的照片" in sentence


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"mif2", b"msf1"])
def test_reading_m6_every_brand_of_heic_is_known(brand: bytes) -> None:
    assert kind_of(b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1" + brand).label.startswith("HEIC 照片（苹果")
    assert "HEIC" in refusal(b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1" + brand)


@pytest.mark.parametrize("brands", [b"avif\0\0\0\0", b"avis\0\0\0\0msf1", b"mif1\0\0\0\0avif"])
def test_reading_m6_every_brand_of_avif_is_known(brands: bytes) -> None:
    assert kind_of((8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands).label.startswith("AVIF 图片")


# --- m3: pictures of other formats ---

pillow_heif.register_heif_opener()
FORMATS = ["HEIF", "WEBP", "AVIF", "BMP", "GIF"]


@pytest.mark.parametrize("form", FORMATS)
def test_reading_m3_picture_of_another_format_becomes_a_jpeg(form: str) -> None:
    data = encoded(picture(), form)
    checked = taken(data)
    assert checked.file_type is FileType.JPEG
    for stored in (checked.data, browser_picture(data)):
        assert_plain_jpeg(stored)
        assert opened(stored).size == (590, 826)
        assert is_near(opened(stored).getpixel((40, 400)), (200, 30, 30), 24)


def test_reading_m3_jpeg_and_png_go_on_as_they_came() -> None:
    for form in ("JPEG", "PNG"):
        assert browser_picture(encoded(picture(), form)) == encoded(picture(), form)


@pytest.mark.parametrize("form", ["HEIF", "WEBP", "AVIF"])
def test_reading_m3_orientation_of_other_formats_is_heeded(form: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = opened(browser_picture(encoded(picture(), form, exif=exif.tobytes())))
    assert stored.size == (826, 590)
    assert is_near(stored.getpixel((400, 40)), (200, 30, 30), 24)


@pytest.mark.parametrize("form", ["WEBP", "AVIF", "BMP", "GIF"])
def test_reading_m3_too_many_pixels_are_refused_by_the_header(form: str) -> None:
    with pytest.raises(ValidationError, match="4097×3101"):
        browser_picture(encoded(Image.new("1", (4097, 3101)).convert("L").convert("RGB"), form))


def test_reading_m3_heic_states_its_pixels_in_boxes() -> None:
    data = encoded(picture(), "HEIF")
    at = data.index(b"ispe") + 8
    assert "8064×6048" in refusal(data[:at] + (8064).to_bytes(4, "big") + (6048).to_bytes(4, "big") + data[at + 8 :])


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_reading_m3_moving_picture_is_refused_as_such(form: str) -> None:
    other = picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert "动画" in refusal(encoded(picture(), form, save_all=True, append_images=[other]))


@pytest.mark.parametrize("form", ["HEIF", "WEBP", "AVIF"])
def test_reading_m3_half_a_picture_is_refused(form: str) -> None:
    data = encoded(picture(), form)
    assert refusal(data[: len(data) // 2])


@cache
def photo() -> Image.Image:
    """Detail down to the last corner, as a camera sees it, and the same each time: what the loss of a few bytes does
    depends on the bytes.
    """
    random = Random(1)
    light = (min(max(round(random.gauss(128, 60)), 0), 255) for _ in range(600 * 800))
    noise = Image.frombytes("L", (600, 800), bytes(light))
    return Image.merge("RGB", (noise, noise.transpose(Image.Transpose.ROTATE_180), noise))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("lost", [1, 2])
def test_reading_m3_jpeg_without_its_closing_mark_is_read(lost: int, progressive: bool) -> None:
    whole = encoded(photo(), progressive=progressive)
    assert whole.endswith(b"\xff\xd9")
    assert taken(whole[:-lost]).data == taken(whole).data


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("lost", [20, 100, 2000, 20_000])
def test_reading_m3_jpeg_that_lacks_pixels_is_refused(lost: int, progressive: bool) -> None:
    assert "不完整" in refusal(encoded(photo(), progressive=progressive)[:-lost])


CASES = Path(__file__).parents[2] / "fixtures" / "pdf"


@pytest.mark.parametrize("name", ["13-scan.pdf", "20-owner-protected.pdf"])
def test_reading_m9_cases_are_taken(name: str) -> None:
    data = (CASES / name).read_bytes()
    assert taken(data).data == data
