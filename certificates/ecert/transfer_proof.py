"""Draws the 调出证明 as PDF/A: a letter with the certificate's data, sealed like the certificate itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from common.findings import Finding, Refused
from common.printing.fonts import Style, outside_fonts

from . import layout
from .archive import Description
from .layout import INK, MUTED, Text, centred, chinese_date, wrap
from .page import Page
from .render import as_attachment, draw_qr, draw_seal

TITLE = "安全生产考核合格证书跨省调出证明"
LEFT, RIGHT = 90.0, 505.0
SIZE, LEADING = 14.0, 27.0


@dataclass(frozen=True)
class Proof:
    number: str
    name: str
    sex: str
    category_label: str
    enterprise_name: str
    valid_to: date
    destination: str
    new_enterprise: str
    issuer_name: str
    issued_on: date
    url: str

    def __post_init__(self) -> None:
        unprintable = sorted({character for text in asdict(self).values() for character in outside_fonts(str(text))})
        if unprintable:
            raise Refused(
                Finding("proof_outside_fonts", f"证书字库没有这些字：{'、'.join(unprintable)}", turn="发证机关")
            )

    def as_data(self) -> dict[str, Any]:
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}


def render_proof(proof: Proof, seal_png: bytes | None = None) -> bytes:
    """Answers the unsigned PDF; the same proof and seal give the same bytes."""
    page = Page()
    draw_qr(page, proof.url)
    draw_seal(page, proof.issuer_name, seal_png)
    page.write(_texts(proof))
    data = as_attachment(proof.as_data())
    description = Description(f"{TITLE} {proof.number}", proof.issuer_name, proof.number, proof.issued_on)
    return page.finished(description, data, identity=hashlib.sha256(data + (seal_png or b"")).digest())


def _texts(proof: Proof) -> Iterator[Text]:
    yield centred(TITLE, 715, Style.BOLD, 22, INK, spacing=1)
    yield centred(f"证书编号：{proof.number}", 680, Style.REGULAR, 12, MUTED)
    y = 630.0
    for line in _letter(proof):
        yield Text(LEFT, y, line)
        y -= LEADING
    y -= LEADING / 2
    for label, value in _facts(proof):
        yield Text(LEFT, y, f"{label}：", colour=MUTED)
        for part in wrap(value, RIGHT - LEFT - 100, SIZE):
            yield Text(LEFT + 100, y, part)
            y -= LEADING
    yield Text(274, 178, "发证机关：", colour=MUTED)
    for position, part in enumerate(wrap(proof.issuer_name, RIGHT - 346, SIZE)):
        yield Text(346, 178 - position * 17, part)
    yield Text(274, 135, "出具日期：", colour=MUTED)
    yield Text(346, 135, chinese_date(proof.issued_on))
    yield Text(layout.QR[0] - 2, layout.QR[1] - layout.QR_QUIET_ZONE - 12, layout.QR_CAPTION, size=8, colour=MUTED)


def _letter(proof: Proof) -> list[str]:
    text = (
        f"　　{proof.name}持有的下列安全生产考核合格证书，经审核同意调往{proof.destination}。"
        "自出具本证明之日起，该证书在我省不再使用，请凭本证明到调入省份住房城乡建设主管部门办理换证。"
    )
    return wrap(text, RIGHT - LEFT, SIZE)


def _facts(proof: Proof) -> list[tuple[str, str]]:
    rows = [
        ("姓名", proof.name),
        ("性别", proof.sex),
        ("证书类别", proof.category_label),
        ("原企业名称", proof.enterprise_name),
        ("有效期至", chinese_date(proof.valid_to)),
        ("调入省份", proof.destination),
    ]
    return [*rows, ("调入单位", proof.new_enterprise)] if proof.new_enterprise else rows
