"""Places everything on the face: A4 portrait, in points from the bottom left corner.

One layout serves the PDF and the preview image. Positions are those of the national face; a text too long at 14 pt is
wrapped and then set smaller, never cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from certificates.ecert.face import HOLDERS, TITLE, Face
from common.printing.fonts import Style, text_width

PAGE_WIDTH, PAGE_HEIGHT = 595.0, 842.0
PHOTO = (420.0, 465.0, 77.0, 98.0)
"""The numbers are x, y, width and height in points, as for the QR code."""
QR = (100.0, 145.0, 77.0, 77.0)
QR_QUIET_ZONE = 9.0
SEAL_CENTRE, SEAL_RADIUS = (412.0, 167.0), 56.7
"""The seal is 40 mm across, over issuer and date."""
FOOTER = "中华人民共和国住房和城乡建设部 监制"
QR_CAPTION = "扫描二维码查验证书"

INK, MUTED, BLUE = (0.10, 0.11, 0.14), (0.30, 0.36, 0.45), (0.07, 0.25, 0.50)
Colour = tuple[float, float, float]

_LABEL_X, _VALUE_X = 97.0, 205.0
_LABEL_WIDTH = 84.0
_RIGHT_EDGE = 497.0
_SIZE, _SMALLEST = 14.0, 6.0
_LINE_HEIGHT = 1.28
_NOT_AT_LINE_START = "）)》」』】、，。；：·"
_NOT_AT_LINE_END = "（(《「『【"


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    text: str
    style: Style = Style.REGULAR
    size: float = _SIZE
    colour: Colour = INK
    spacing: float = 0.0


@dataclass(frozen=True)
class Fitted:
    size: float
    lines: tuple[str, ...]


def texts(face: Face) -> list[Text]:
    return [*_head(face), *_rows(face), *_issue(face), *_foot()]


def _head(face: Face) -> Iterator[Text]:
    yield centred(HOLDERS[face.category], 702, Style.SANS, 23, BLUE)
    yield centred(TITLE, 655, Style.BOLD, 33, INK, spacing=3)
    # The line is centred, which puts a usual number at x = 236…241.
    yield centred(f"编号：{face.number}", 623, Style.REGULAR, _SIZE, INK)


def _rows(face: Face) -> Iterator[Text]:
    beside_photo = PHOTO[0] - 14 - _VALUE_X
    yield from _row("姓名", face.name, 544, beside_photo, height=34)
    yield from _row("性别", face.sex, 509, beside_photo)
    yield from _row("出生年月", f"{face.birth_date:%Y年%m月}", 475, beside_photo)
    yield from _row("企业名称", face.enterprise_name, 440, height=34, wrap_first=True)
    yield from _row("职务", face.post, 406)
    yield from _row("初次领证日期", chinese_date(face.first_issued_on), 375)
    yield from _row("有效期", f"{chinese_date(face.valid_from)} 至 {chinese_date(face.valid_to)}", 341)


def _row(
    label: str,
    value: str,
    y: float,
    width: float = _RIGHT_EDGE - _VALUE_X,
    *,
    height: float = 23.0,
    wrap_first: bool = False,
) -> Iterator[Text]:
    yield from _label(label, _LABEL_X, y)
    yield from _value(value, _VALUE_X, y, width, height, wrap_first=wrap_first)


def _label(label: str, x: float, y: float) -> Iterator[Text]:
    """Labels are justified to one width, as printed certificates have them."""
    natural = text_width(label, Style.REGULAR, _SIZE)
    spacing = (_LABEL_WIDTH - natural) / (len(label) - 1)
    yield Text(x, y, label, colour=MUTED, spacing=spacing)


def _value(value: str, x: float, y: float, width: float, height: float, *, wrap_first: bool = False) -> Iterator[Text]:
    """Sets one or more lines whose middle is that of a single line at `y`."""
    fitted = fit(value, width, height, wrap_first=wrap_first)
    leading = fitted.size * _LINE_HEIGHT
    middle = y + 0.36 * _SIZE
    first = middle - 0.36 * fitted.size + leading * (len(fitted.lines) - 1) / 2
    for index, line in enumerate(fitted.lines):
        yield Text(x, first - index * leading, line, size=fitted.size)


def _issue(face: Face) -> Iterator[Text]:
    x, value_x = 274.0, 346.0
    for label, value, y in (("发证机关：", face.issuer_name, 178), ("发证日期：", chinese_date(face.issued_on), 145)):
        yield Text(x, y, label, colour=MUTED)
        yield from _value(value, value_x, y, _RIGHT_EDGE + 4 - value_x, height=32)


def _foot() -> Iterator[Text]:
    caption_x = QR[0] + (QR[2] - text_width(QR_CAPTION, Style.REGULAR, 8)) / 2
    yield Text(caption_x, QR[1] - QR_QUIET_ZONE - 12, QR_CAPTION, size=8, colour=MUTED)
    yield centred(FOOTER, 75, Style.REGULAR, 10, MUTED, spacing=1)


def _centre(text: str, style: Style, size: float, spacing: float = 0.0) -> float:
    return (PAGE_WIDTH - text_width(text, style, size) - spacing * (len(text) - 1)) / 2


def centred(text: str, y: float, style: Style, size: float, colour: Colour, spacing: float = 0.0) -> Text:
    return Text(_centre(text, style, size, spacing), y, text, style, size, colour, spacing)


def chinese_date(day: date) -> str:
    return f"{day:%Y年%m月%d日}"


def fit(text: str, width: float, height: float, *, wrap_first: bool = False) -> Fitted:
    """Finds the largest type in which `text` fits the box.

    An enterprise name takes a second line at full size before it shrinks (`wrap_first`); a person's name is rather set
    a little smaller on one line, since a broken name reads badly.
    """
    single = _SIZE * min(1.0, width / max(text_width(text, Style.REGULAR, _SIZE), 1.0))
    if single >= (_SIZE if wrap_first else 10.5):
        return Fitted(single, (text,))
    size = _SIZE if wrap_first else 12.0
    while True:
        lines = wrap(text, width, size)
        tall = size * (1 + _LINE_HEIGHT * (len(lines) - 1))
        if tall <= height or size <= _SMALLEST:
            return Fitted(size, tuple(balanced(text, width, size, len(lines))))
        size -= 0.5


def wrap(text: str, width: float, size: float) -> list[str]:
    """Fills each line in turn; closing signs and the name dot never begin a line, opening ones never end one."""
    lines, line = [], ""
    for piece in _unbreakable(text):
        if line and text_width((line + piece).rstrip(), Style.REGULAR, size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line]


def balanced(text: str, width: float, size: float, count: int) -> list[str]:
    """Makes as few lines as `wrap`, but of similar length: no single character is left on the last one."""
    narrowest = text_width(text, Style.REGULAR, size) / count
    while narrowest < width:
        lines = wrap(text, narrowest, size)
        if len(lines) == count:
            return lines
        narrowest += size / 2
    return wrap(text, width, size)


def _unbreakable(text: str) -> Iterator[str]:
    """Answers characters together with signs that may not be separated from them; Latin words and numbers stay whole."""
    piece = ""
    for character in text:
        joined = character in _NOT_AT_LINE_START or piece[-1:] in (*_NOT_AT_LINE_END, "")
        if piece and not joined and not (_is_latin(piece[-1]) and _is_latin(character) and len(piece) < 16):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _is_latin(character: str) -> bool:
    return character.isalnum() and ord(character) < 0x250
