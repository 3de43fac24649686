"""Draws the receipt of a registration on paper (A5), the same from the counter and from a machine.

The same facts give the same bytes, so that a machine that asks again after a broken connection gets the same receipt.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import date, datetime

from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from common.dates import SHANGHAI, chinese_datetime
from common.printing import qr
from common.printing.canvas import BLUE, INK, MUTED, Colour, new_canvas, write_text
from common.printing.fonts import Style, font_for, printable, text_width
from common.printing.reportlab_fixes import Information, set_identifier

TITLE = "实名制登记回执"
_WIDTH, _HEIGHT = map(float, A5)
_MARGIN = 40.0
_QR_SIDE = 74.0
_NO_GLYPH = "□"

NEXT_STEPS = (
    "扫描二维码或打开登录地址，用身份证号码和初始密码登录“个人服务平台”，按提示设置自己的密码；",
    "完善手机号码、学历等个人信息；",
    "尽快上传证件照：没有证件照，无法签发电子证书。",
)
KEEP_IT_YOURS = (
    "初始密码由小写字母和数字组成，没有字母 l、i、o 和数字 0、1。请妥善保管，不要告诉他人；工作人员不会向您索要密码。"
)
UPDATED = "您此前已经登记，本次更新了身份证信息，原账号和密码不变。忘记密码的，请在登记窗口重置。"
HELD = (
    "您的姓名与这个号码原来登记的姓名不一致，已转人工核实，本次没有开通账号。请携带身份证和户口簿，到上述登记点的窗口核实："
    "更名的，核实后即可使用；有他人误用您的号码的，登记员会告诉您怎样更正。"
)
SHOWN_ALREADY = "初始密码只打印一次。没有拿到或遗失的，请凭身份证原件到登记窗口重置。"


@dataclass(frozen=True)
class Receipt:
    """`id_number` is masked. Without a password the notes stand in place of the next steps."""

    name: str
    id_number: str
    office: str
    at: datetime
    login_url: str
    password: str | None
    notes: tuple[str, ...] = ()


def render(receipt: Receipt) -> bytes:
    canvas = new_canvas(A5)
    y = _draw_head(canvas, receipt)
    y = _draw_facts(canvas, receipt, y)
    y = _draw_password(canvas, receipt, y)
    _draw_words(canvas, receipt, y)
    canvas._doc.info = Information({"Title": TITLE, "Author": receipt.office, "Creator": "jxcloud"}, _day(receipt.at))
    identity = repr([getattr(receipt, field.name) for field in fields(receipt)])
    set_identifier(canvas._doc, hashlib.sha256(identity.encode()).digest())
    canvas.showPage()
    pdf: bytes = canvas.getpdfdata()
    return pdf


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _draw_head(canvas: Canvas, receipt: Receipt) -> float:
    top = _HEIGHT - _MARGIN
    _write(canvas, _MARGIN, top - 16, TITLE, 18, Style.BOLD, BLUE)
    _write(canvas, _MARGIN, top - 36, "建筑施工企业安全生产管理人员", 9.5, colour=MUTED)
    left = _WIDTH - _MARGIN - _QR_SIDE
    _draw_qr(canvas, receipt.login_url, left, top - _QR_SIDE)
    _write(canvas, left + 7, top - _QR_SIDE - 12, "扫码打开登录页", 8.5, colour=MUTED)
    canvas.setStrokeColorRGB(*BLUE)
    canvas.setLineWidth(1)
    y = top - _QR_SIDE - 24
    canvas.line(_MARGIN, y, _WIDTH - _MARGIN, y)
    return y - 8


def _draw_facts(canvas: Canvas, receipt: Receipt, y: float) -> float:
    rows = (
        ("姓名", receipt.name),
        ("身份证号码", receipt.id_number),
        ("登记单位", receipt.office),
        ("办理时间", chinese_datetime(receipt.at)),
        ("登录地址", receipt.login_url),
        ("登录名", "本人身份证号码"),
    )
    for label, value in rows:
        lines = _wrapped(value, 11, _WIDTH - 2 * _MARGIN - 80)
        y -= 17
        _write(canvas, _MARGIN, y, label, 10, colour=MUTED)
        for position, line in enumerate(lines):
            y -= 15 if position else 0
            _write(canvas, _MARGIN + 80, y, line, 11)
    return y - 10


def _draw_password(canvas: Canvas, receipt: Receipt, y: float) -> float:
    if receipt.password is None:
        return y
    canvas.setFillColorRGB(0.94, 0.96, 0.99)
    canvas.roundRect(_MARGIN, y - 42, _WIDTH - 2 * _MARGIN, 40, 4, stroke=0, fill=1)
    _write(canvas, _MARGIN + 12, y - 26, "初始密码", 10, colour=MUTED)
    _write(canvas, _MARGIN + 80, y - 28, receipt.password, 20, Style.BOLD)
    return y - 54


def _draw_words(canvas: Canvas, receipt: Receipt, y: float) -> None:
    if receipt.password is not None:
        y -= 14
        _write(canvas, _MARGIN, y, "接下来请您", 11, Style.BOLD)
        for number, step in enumerate(NEXT_STEPS, start=1):
            y = _paragraph(canvas, f"{number}. {step}", y - 17, 10)
        y = _paragraph(canvas, KEEP_IT_YOURS, y - 20, 9, colour=MUTED)
    for note in receipt.notes:
        y = _paragraph(canvas, note, y - 18, 10)
    if missing := [character for character in dict.fromkeys(receipt.name) if font_for(character) is None]:
        codes = "、".join(f"U+{ord(character):04X}" for character in missing)
        _paragraph(canvas, f"姓名中的“{_NO_GLYPH}”（{codes}）暂时不能印刷，系统中已按身份证保存。", y - 18, 9)


def _paragraph(canvas: Canvas, text: str, y: float, size: float, *, colour: Colour = INK) -> float:
    """Answers the baseline of its last line."""
    for position, line in enumerate(_wrapped(text, size, _WIDTH - 2 * _MARGIN)):
        y -= size * 1.5 if position else 0
        _write(canvas, _MARGIN, y, line, size, colour=colour)
    return y


_NEVER_FIRST = "，。；：、！？”）》"


def _wrapped(text: str, size: float, width: float) -> list[str]:
    """Breaks between any two characters, as Chinese does, but no line begins with a closing sign."""
    lines = [""]
    for character in _printable(text):
        longer = lines[-1] + character
        if text_width(longer, Style.REGULAR, size) <= width or character in _NEVER_FIRST:
            lines[-1] = longer
        else:
            lines.append(character)
    return lines


def _write(
    canvas: Canvas, x: float, y: float, text: str, size: float, style: Style = Style.REGULAR, colour: Colour = INK
) -> None:
    write_text(canvas, x, y, _printable(text), size, style, colour)


def _printable(text: str) -> str:
    """The registration goes on if a name cannot be printed, so the receipt is printed too and says so."""
    return printable(text, _NO_GLYPH)


def _draw_qr(canvas: Canvas, address: str, x: float, y: float) -> None:
    """Draws vectors, because small printers blur images."""
    rows = qr.modules(address)
    step = _QR_SIDE / len(rows)
    canvas.setFillColorRGB(0, 0, 0)
    path = canvas.beginPath()
    for row, modules in enumerate(rows):
        for column, dark in enumerate(modules):
            if dark:
                path.rect(x + column * step, y + _QR_SIDE - (row + 1) * step, step, step)
    canvas.drawPath(path, stroke=0, fill=1)
