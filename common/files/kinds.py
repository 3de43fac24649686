"""Tells by its first bytes what kind of file somebody sent, how it is called and what its sender may do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from common.file_signs import ARCHIVE, JPEG, PNG

from . import pdf_bytes


class Picture(StrEnum):
    """The pictures that are decoded here; a value is Pillow's name of the format."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIC = "HEIF"
    AVIF = "AVIF"
    BMP = "BMP"
    GIF = "GIF"

    @property
    def label(self) -> str:
        return {
            "HEIF": "HEIC 照片（苹果等手机拍的照片）",
            "JPEG": "JPG 图片",
            "WEBP": "WebP 图片（多是从网页上存下来的）",
            "AVIF": "AVIF 图片（多是从网页上存下来的）",
        }.get(self.value, f"{self.value} 图片")


SHOWN_BY_BROWSERS = (Picture.JPEG, Picture.PNG)
"""The others are written anew as JPEG before anything else is done."""


@dataclass(frozen=True)
class Kind:
    """Has a name that somebody on a building site knows, with the end of the file's name, and the way to a file that is taken."""

    label: str
    advice: str


PHOTOGRAPH = "手边只有手机的，对着纸质件拍一张清楚的照片上传即可。"
AS_JPG = "请在电脑上用“画图”打开，另存为 JPG 后再上传；用手机的，可以对着原件重新拍一张照片上传。"
_AS_PDF = f"请用 Word、WPS 等软件打开，另存为 PDF 后再上传；{PHOTOGRAPH}"
_UNPACK = "请先解压（在手机或电脑上点开它，选“解压”），再上传里面的图片或 PDF。"
_CHOOSE_AGAIN = f"请选拍好的照片或扫描好的 PDF；{PHOTOGRAPH}"
_FROM_ALBUM = "请直接拍照，或者从手机相册里选一张照片；PDF 里的照片，请打开后截屏，上传截屏的图片。"
OFD = Kind("OFD 文件（电子公文或电子发票）", f"请用打开它的软件另存为或打印为 PDF 后再上传；{PHOTOGRAPH}")
ZIP = Kind("压缩包（.zip、.rar 一类）", _UNPACK)
_KINDS = (
    (b"\xd0\xcf\x11\xe0", Kind("旧版 Word 或 Excel 文件（.doc、.xls）", _AS_PDF)),
    (b"Rar!", ZIP),
    (b"7z\xbc\xaf", ZIP),
    (b"\x1f\x8b", ZIP),
    (b"II*\0", Kind("TIF 图片（扫描仪存的图片）", AS_JPG)),
    (b"MM\0*", Kind("TIF 图片（扫描仪存的图片）", AS_JPG)),
    (b"II+\0", Kind("TIF 图片（扫描仪存的图片）", AS_JPG)),
    (b"\xff\x0a", Kind("JXL 图片（少见的图片格式）", AS_JPG)),
    (b"\0\0\0\x0cJXL ", Kind("JXL 图片（少见的图片格式）", AS_JPG)),
    (b"\0\0\0\x0cjP  ", Kind("JP2 图片（少见的图片格式）", AS_JPG)),
    (b"\xff\x4f\xff\x51", Kind("JP2 图片（少见的图片格式）", AS_JPG)),
    (b"8BPS", Kind("修图软件的文件（.psd）", AS_JPG)),
    (b"\0\0\1\0", Kind("图标（.ico）", AS_JPG)),
    (b"{\\rtf", Kind("写字板文档（.rtf）", _AS_PDF)),
    (b"%!PS", Kind("给打印机用的文件（.ps）", _AS_PDF)),
    (b"AT&TFORM", Kind("扫描书籍用的文件（.djvu）", _AS_PDF)),
    (b"MZ", Kind("程序（不是照片，也不是文档）", _CHOOSE_AGAIN)),
    (b"\x7fELF", Kind("程序（不是照片，也不是文档）", _CHOOSE_AGAIN)),
)
_IN_ZIP = (
    (b"OFD.xml", OFD),
    (b"word/", Kind("Word 文档（.docx）", _AS_PDF)),
    (b"xl/", Kind("Excel 表格（.xlsx）", _AS_PDF)),
    (b"ppt/", Kind("演示文稿（.pptx）", _AS_PDF)),
    (b"[Content_Types].xml", Kind("Word 或 Excel 文件", _AS_PDF)),
    (b"mimetypeapplication/", Kind("办公软件的文档（.odt、.ods 一类）", _AS_PDF)),
)
_WEBP = re.compile(rb"RIFF....WEBP", re.DOTALL)
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<[!?a-zA-Z]")
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"}
)
_AVIF_BRANDS = frozenset({b"avif", b"avis"})


def picture_of(data: bytes) -> Picture | None:
    if data.startswith(JPEG):
        return Picture.JPEG
    if data.startswith(PNG):
        return Picture.PNG
    if _WEBP.match(data):
        return Picture.WEBP
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Picture.GIF
    if data.startswith(b"BM") and data[14:18] in _BMP_HEADERS:
        return Picture.BMP
    return _picture_in_boxes(data)


_BMP_HEADERS = frozenset(size.to_bytes(4, "little") for size in (12, 16, 40, 52, 56, 64, 108, 124))
"""The sizes of the second header are asked for, since two letters alone may begin a text."""


def _picture_in_boxes(data: bytes) -> Picture | None:
    """Finds HEIC and AVIF, which lie in the boxes of MP4; the first box names the brands that the file keeps to."""
    brands = _brands(data)
    if not brands:
        return None
    if brands[0] in _AVIF_BRANDS or (brands[0] not in _HEIC_BRANDS - {b"mif1", b"msf1"} and _AVIF_BRANDS & {*brands}):
        return Picture.AVIF
    return Picture.HEIC if _HEIC_BRANDS & {*brands} else None


def _brands(data: bytes) -> list[bytes]:
    """Answers the main brand first."""
    if data[4:8] != b"ftyp":
        return []
    end = min(max(16, int.from_bytes(data[:4], "big")), 512)
    return [data[8:12], *(data[at : at + 4] for at in range(16, end, 4))]


def is_pdf(data: bytes) -> bool:
    """Finds a PDF also behind a few foreign bytes, unless these make it a file of another kind."""
    at = pdf_bytes.header_at(data)
    return at == 0 or (at > 0 and picture_of(data) is None and _by_beginning(data) is None)


def kind_of(data: bytes) -> Kind:
    """Answers how the file is called in a refusal, and what its sender may do."""
    picture = picture_of(data)
    if picture is not None:
        return Kind(picture.label, AS_JPG)
    if is_pdf(data):
        return Kind("PDF 文件", _FROM_ALBUM)
    known = _by_beginning(data)
    if known is not None:
        return known
    if _MARKUP.match(data):
        return Kind("网页（不是照片，也不是 PDF）", f"请把网页打印成 PDF，或者截屏后上传图片；{PHOTOGRAPH}")
    if data[4:8] == b"ftyp":
        return Kind("视频", "请上传照片，或把需要的画面截屏后上传。")
    return Kind("一份打不开的文件（可能没有存完整）", f"请先在手机或电脑上打开它看看。{_CHOOSE_AGAIN}")


def _by_beginning(data: bytes) -> Kind | None:
    if data.startswith(ARCHIVE):
        return next((kind for mark, kind in _IN_ZIP if mark in data), ZIP)
    return next((kind for magic, kind in _KINDS if data.startswith(magic)), None)


def refusal(wanted: str, data: bytes) -> str:
    """Answers the sentence of a refusal; `wanted` is as in “请上传 JPG 或 PNG 图片”."""
    kind = kind_of(data)
    return f"{wanted}。您选的是{spaced(kind.label)}，这里用不了。{kind.advice}"


def spaced(label: str) -> str:
    """Puts a blank between a Chinese word before the label and a Latin beginning."""
    return f" {label}" if label[0].isascii() else label
