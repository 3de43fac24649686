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
        return {"HEIF": "HEIC 照片", "JPEG": "JPG 图片", "WEBP": "WebP 图片"}.get(self.value, f"{self.value} 图片")


SHOWN_BY_BROWSERS = (Picture.JPEG, Picture.PNG)
"""The others are written anew as JPEG before anything else is done."""


@dataclass(frozen=True)
class Kind:
    label: str
    advice: str = ""


_AS_PDF = "请把文档另存为 PDF 后再上传。"
_AS_JPG = "请用看图软件另存为 JPG 后再上传。"
_UNPACK = "请先解压，再上传里面的图片或 PDF。"
OFD = Kind("OFD 文件", "请用 OFD 阅读器打开，另存为或打印为 PDF 后再上传；只有纸质件的，拍照上传图片即可。")
ZIP = Kind("压缩包", _UNPACK)
_KINDS = (
    (b"\xd0\xcf\x11\xe0", Kind("旧版 Office 文档", _AS_PDF)),
    (b"Rar!", ZIP),
    (b"7z\xbc\xaf", ZIP),
    (b"\x1f\x8b", ZIP),
    (b"II*\0", Kind("TIFF 图片", _AS_JPG)),
    (b"MM\0*", Kind("TIFF 图片", _AS_JPG)),
    (b"II+\0", Kind("TIFF 图片", _AS_JPG)),
    (b"\xff\x0a", Kind("JPEG XL 图片", _AS_JPG)),
    (b"\0\0\0\x0cJXL ", Kind("JPEG XL 图片", _AS_JPG)),
    (b"\0\0\0\x0cjP  ", Kind("JPEG 2000 图片", _AS_JPG)),
    (b"\xff\x4f\xff\x51", Kind("JPEG 2000 图片", _AS_JPG)),
    (b"8BPS", Kind("PSD 图片", _AS_JPG)),
    (b"\0\0\1\0", Kind("图标文件", _AS_JPG)),
    (b"{\\rtf", Kind("RTF 文档", _AS_PDF)),
    (b"%!PS", Kind("PostScript 文件", _AS_PDF)),
    (b"AT&TFORM", Kind("DjVu 文件", _AS_PDF)),
    (b"MZ", Kind("程序")),
    (b"\x7fELF", Kind("程序")),
)
_IN_ZIP = (
    (b"OFD.xml", OFD),
    (b"word/", Kind("Word 文档", _AS_PDF)),
    (b"xl/", Kind("Excel 表格", _AS_PDF)),
    (b"ppt/", Kind("PowerPoint 文档", _AS_PDF)),
    (b"[Content_Types].xml", Kind("Office 文档", _AS_PDF)),
    (b"mimetypeapplication/", Kind("电子文档", _AS_PDF)),
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
        return Kind(picture.label)
    if is_pdf(data):
        return Kind("PDF 文件")
    known = _by_beginning(data)
    if known is not None:
        return known
    if _MARKUP.match(data):
        return Kind("网页或 XML 文件")
    if data[4:8] == b"ftyp":
        return Kind("视频", "请上传照片，或把需要的画面截图后上传。")
    return Kind("无法识别的文件")


def _by_beginning(data: bytes) -> Kind | None:
    if data.startswith(ARCHIVE):
        return next((kind for mark, kind in _IN_ZIP if mark in data), ZIP)
    return next((kind for magic, kind in _KINDS if data.startswith(magic)), None)


def refusal(wanted: str, data: bytes) -> str:
    """Answers the sentence of a refusal; `wanted` is as in “请上传 JPG 或 PNG 图片”."""
    kind = kind_of(data)
    return f"{wanted}，收到的是{spaced(kind.label)}。{kind.advice}"


def spaced(label: str) -> str:
    """Puts a blank between a Chinese word before the label and a Latin beginning."""
    return f" {label}" if label[0].isascii() else label
