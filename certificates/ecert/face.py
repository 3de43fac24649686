"""Defines what is printed on a certificate: one immutable value, complete and drawable once it exists."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from common.findings import Cure, Finding, Refused
from common.printing.fonts import outside_fonts

HOLDERS = {
    "A": "建筑施工企业主要负责人",
    "B": "建筑施工企业项目负责人",
    "C1": "建筑施工企业机械类专职安全生产管理人员",
    "C2": "建筑施工企业土建类专职安全生产管理人员",
    "C3": "建筑施工企业综合类专职安全生产管理人员",
}
TITLE = "安全生产考核合格证书"
MAX_PHOTO_BYTES = 512 * 1024
MAX_LENGTHS = {"name": 120, "enterprise_name": 160, "issuer_name": 60, "post": 60, "number": 40}
"""The unit is characters; the face has room for so many at its smallest type."""
LABELS = {
    "number": "证书编号",
    "name": "姓名",
    "sex": "性别",
    "enterprise_name": "企业名称",
    "post": "职务",
    "issuer_name": "发证机关",
    "qr_url": "二维码地址",
    "identifier": "电子证照标识",
}
_ISSUER = "发证机关"


@dataclass(frozen=True, kw_only=True)
class Face:
    """Holds all texts as printed: labels for sex and post, full names. Raises Refused with every reason at once.

    Of the birth date only year and month are printed. `photo_jpeg` is baseline or progressive, grey or RGB, 25:35.
    `identifier` is the 电子证照标识.
    """

    category: str
    number: str
    name: str
    sex: str
    birth_date: date
    enterprise_name: str
    post: str
    first_issued_on: date
    valid_from: date
    valid_to: date
    issuer_name: str
    issued_on: date
    photo_jpeg: bytes | None
    qr_url: str
    identifier: str
    version_no: int

    def __post_init__(self) -> None:
        findings = [*self._text_findings(), *self._date_findings(), *self._photo_findings()]
        if self.category not in HOLDERS:
            findings.append(Finding("ecert_category", f"证书类别“{self.category}”没有对应的证面。", turn=_ISSUER))
        if self.version_no < 1:
            findings.append(Finding("ecert_version", "证书版本从 1 开始。", turn=_ISSUER))
        if findings:
            raise Refused(*findings)

    def _text_findings(self) -> list[Finding]:
        found = []
        for field, label in LABELS.items():
            text = getattr(self, field)
            if not text.strip():
                found.append(Finding(f"ecert_{field}_missing", f"缺少{label}，不能签发电子证书。", turn=_ISSUER))
            elif missing := outside_fonts(text):
                codes = "、".join(f"{character}（U+{ord(character):04X}）" for character in missing)
                message = f"{label}中有证书字库没有的字：{codes}。"
                detail = "请核对身份证上的写法；确为生僻字的，请发证机关补充字库后重新签发。"
                found.append(Finding(f"ecert_{field}_outside_fonts", message, detail, turn=_ISSUER))
            if len(text) > MAX_LENGTHS.get(field, 300):
                message = f"{label}超过 {MAX_LENGTHS.get(field, 300)} 个字，证面放不下。"
                found.append(Finding(f"ecert_{field}_too_long", message, turn=_ISSUER))
        return found

    def _date_findings(self) -> list[Finding]:
        found = []
        if self.valid_to < self.valid_from:
            found.append(Finding("ecert_validity_reversed", "有效期的截止日早于起始日。", turn=_ISSUER))
        if self.first_issued_on > self.issued_on:
            found.append(Finding("ecert_first_issue_later", "初次领证日期晚于发证日期。", turn=_ISSUER))
        if self.birth_date >= self.first_issued_on:
            found.append(Finding("ecert_birth_later", "出生日期晚于初次领证日期。", turn=_ISSUER))
        return found

    def _photo_findings(self) -> list[Finding]:
        cure = Cure("上传证件照", "accounts:photo")
        if not self.photo_jpeg:
            detail = "上传并通过检查后，证书会继续签发，无须重新申请。"
            return [Finding("ecert_photo_missing", "没有证件照，不能签发电子证书。", detail, turn="本人", cure=cure)]
        if len(self.photo_jpeg) > MAX_PHOTO_BYTES or not is_printable_photo(self.photo_jpeg):
            message = "证件照不是可以打印的 JPEG 图片，请重新上传。"
            return [Finding("ecert_photo_unusable", message, turn="本人", cure=cure)]
        return []

    @property
    def photo(self) -> bytes:
        """It is never empty: a face without photo cannot be made."""
        return self.photo_jpeg or b""

    def as_data(self) -> dict[str, Any]:
        """Answers the data attached to the PDF: the texts on the face, but not the photo, full birth date or ID number."""
        data: dict[str, Any] = {"certificate": TITLE, "holder": HOLDERS[self.category]}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "birth_date":
                data["birth_month"] = f"{value:%Y-%m}"
            elif field.name != "photo_jpeg":
                data[field.name] = value.isoformat() if isinstance(value, date) else value
        return data


def is_printable_photo(jpeg: bytes) -> bool:
    """The JPEG must be grey or RGB and decode to its end, because the PDF carries it as it is."""
    try:
        with Image.open(BytesIO(jpeg), formats=["JPEG"]) as image:
            image.load()
            return image.mode in ("L", "RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return False
