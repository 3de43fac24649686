"""Draws admit cards (准考证), two on a sheet of A4, in black and white; time, room and seat are the biggest words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from certificates.ecert.layout import INK, MUTED, PAGE_HEIGHT, PAGE_WIDTH, Text, wrap
from common.dates import SHANGHAI
from common.printing.fonts import Style, printable, text_width

from .sheets import Sheets, shortened

LEFT, RIGHT = 37.0, PAGE_WIDTH - 37.0
HALF = PAGE_HEIGHT / 2
QR_SIDE = 88.0
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Card:
    """`code` is all that the QR code holds: it tells nothing to whoever finds the card."""

    number: str
    code: str
    batch: str
    name: str
    id_number: str
    category: str
    enterprise: str
    photo: bytes
    starts_at: datetime
    ends_at: datetime
    room: str
    room_name: str
    seat: str
    site: str
    rules: Sequence[str]
    organiser: str


def draw_cards(cards: Iterable[Card], *, title: str, day: date) -> bytes:
    sheets = Sheets()
    organiser = ""
    for index, card in enumerate(cards):
        top = PAGE_HEIGHT if index % 2 == 0 else HALF
        if index % 2 == 0:
            sheets.begin_page()
            sheets.line(0, HALF, PAGE_WIDTH, HALF, is_dashed=True)
        _draw(sheets, card, top)
        organiser = card.organiser
    return sheets.finished(title, organiser, day)


def _draw(sheets: Sheets, card: Card, top: float) -> None:
    sheets.line(LEFT, top - 64, RIGHT, top - 64, width=1.5)
    sheets.photo(card.photo, (LEFT, top - 178, 74, 103))
    sheets.code(card.code, (RIGHT - QR_SIDE, top - 166, QR_SIDE, QR_SIDE))
    third = (RIGHT - LEFT) / 3
    sheets.frame((LEFT, top - 252, RIGHT - LEFT, 62), width=1.5)
    for column in (1, 2):
        sheets.line(LEFT + column * third, top - 252, LEFT + column * third, top - 190)
    sheets.write(_head(card, top))
    sheets.write(_facts(card, top))
    sheets.write(_place(card, top, third))
    sheets.write(_rules(card, top))


def _head(card: Card, top: float) -> Iterator[Text]:
    yield Text(LEFT, top - 40, "准考证", Style.BOLD, 20)
    yield Text(LEFT, top - 57, card.batch, size=shortened(card.batch, RIGHT - LEFT, 10.5))
    width = text_width(card.number, Style.BOLD, 17)
    yield Text(RIGHT - width, top - 40, card.number, Style.BOLD, 17)
    yield Text(RIGHT - width - 56, top - 40, "准考证号", size=12, colour=MUTED)
    caption = "签到时扫这里"
    middle = RIGHT - QR_SIDE / 2 - text_width(caption, Style.REGULAR, 9) / 2
    yield Text(middle, top - 179, caption, size=9, colour=INK)


def _facts(card: Card, top: float) -> Iterator[Text]:
    x, value_x = LEFT + 90, LEFT + 150
    width = RIGHT - QR_SIDE - 14 - value_x
    rows = (
        ("姓名", card.name),
        ("身份证号", card.id_number),
        ("报考类别", card.category),
        ("报名企业", card.enterprise),
    )
    y = top - 90
    for label, value in rows:
        style, size = (Style.BOLD, 16.0) if label == "姓名" else (Style.REGULAR, 12.0)
        yield Text(x, y, label, size=11, colour=MUTED)
        lines = [printable(value)] if label == "姓名" else wrap(printable(value), width, size)
        for line in lines[:2]:
            yield Text(value_x, y, line, style, shortened(line, width, size, style))
            y -= 15
        y -= 8


def _place(card: Card, top: float, third: float) -> Iterator[Text]:
    starts = card.starts_at.astimezone(SHANGHAI)
    ends = card.ends_at.astimezone(SHANGHAI)
    when = f"{starts.month}月{starts.day}日 {starts:%H:%M}"
    columns = (
        ("时间", when, f"星期{WEEKDAYS[starts.weekday()]}，{ends:%H:%M}结束"),
        ("考场", card.room, card.room_name),
        ("座位", card.seat, ""),
    )
    for index, (label, big, below) in enumerate(columns):
        x = LEFT + index * third + 9
        yield Text(x, top - 203, label, size=9, colour=MUTED)
        yield Text(x, top - 226, big, Style.BOLD, shortened(big, third - 18, 21, Style.BOLD))
        if below:
            yield Text(x, top - 243, below, size=shortened(below, third - 18, 11))


def _rules(card: Card, top: float) -> Iterator[Text]:
    y = top - 272
    yield Text(LEFT, y, "地点：", Style.BOLD, 11)
    for line in wrap(printable(card.site), RIGHT - LEFT - 36, 11)[:3]:
        yield Text(LEFT + 36, y, line, size=11)
        y -= 15
    y -= 4
    for number, rule in enumerate(card.rules, start=1):
        yield Text(LEFT, y, f"{number}.", size=10)
        for line in wrap(printable(rule), RIGHT - LEFT - 16, 10):
            yield Text(LEFT + 16, y, line, size=10)
            y -= 14
    end = f"{card.organiser} · 二维码只用于签到，不含身份证号"
    yield Text(LEFT, top - HALF + 14, end, size=shortened(end, RIGHT - LEFT, 9), colour=MUTED)
