"""Draws the lists of one room: for its door, for who supervises it, and to sign in on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from certificates.ecert.layout import MUTED, PAGE_HEIGHT, PAGE_WIDTH, Text
from common.dates import SHANGHAI
from common.printing.fonts import Style

from .sheets import Sheets, shortened

LEFT, RIGHT = 40.0, PAGE_WIDTH - 40.0
TOP, BOTTOM = PAGE_HEIGHT - 40.0, 44.0
GAP = 22.0
COLUMN = (RIGHT - LEFT - GAP) / 2


@dataclass(frozen=True)
class Sitting:
    """Is one candidate in a room; `photo` is called only where a photo is drawn."""

    seat: str
    name: str
    number: str
    masked_id: str
    category: str
    enterprise: str
    photo: Callable[[], bytes]


@dataclass(frozen=True)
class RoomPaper:
    room: str
    place: str
    batch: str
    starts_at: datetime
    ends_at: datetime
    sittings: Sequence[Sitting]

    @property
    def when(self) -> str:
        starts, ends = self.starts_at.astimezone(SHANGHAI), self.ends_at.astimezone(SHANGHAI)
        return f"{starts.month}月{starts.day}日 {starts:%H:%M}—{ends:%H:%M}"


Draw = Callable[[Sheets, RoomPaper], None]


def draw_rooms(rooms: Iterable[RoomPaper], draw: Draw, *, title: str, author: str, day: date) -> bytes:
    """Begins a new page for each room."""
    sheets = Sheets()
    for room in rooms:
        draw(sheets, room)
    return sheets.finished(title, author, day)


def draw_door_list(sheets: Sheets, room: RoomPaper) -> None:
    """Everybody who passes may read it: names and four digits, and nothing that tells who somebody is."""
    note = "请按座位号入座。右边是准考证号的后四位。"
    for page in _pages(room.sittings, rows=34, columns=2):
        top = _begin(sheets, room, room.room, note, big=28)
        for x, y, one in _cells(page, top, height=20, rows=34):
            size = shortened(one.name, COLUMN - 90, 14)
            sheets.write([Text(x, y, one.seat, Style.BOLD, 14), Text(x + 40, y, one.name, size=size)])
            sheets.write([Text(x + COLUMN - 34, y, one.number[-4:], size=13)])
            sheets.line(x, y - 5, x + COLUMN, y - 5, width=0.3)


def draw_room_list(sheets: Sheets, room: RoomPaper) -> None:
    note = f"共 {len(room.sittings)} 人。"
    titles = (("座位", 0), ("姓名", 40), ("准考证号", 130), ("类别", 232), ("报名企业", 270))
    for page in _pages(room.sittings, rows=32, columns=1):
        top = _begin(sheets, room, f"{room.room} 考场名册", note)
        sheets.write(Text(LEFT + offset, top, words, size=10, colour=MUTED) for words, offset in titles)
        sheets.line(LEFT, top - 6, RIGHT, top - 6, width=1)
        for index, one in enumerate(page):
            y = top - 22 - index * 20
            cells = (one.seat, one.name, one.number, one.category, one.enterprise)
            widths = (36, 86, 98, 34, RIGHT - LEFT - 270)
            for (_, offset), words, width in zip(titles, cells, widths, strict=True):
                sheets.write([Text(LEFT + offset, y, words, size=shortened(words, width, 11))])
            sheets.line(LEFT, y - 6, RIGHT, y - 6, width=0.3)


def draw_sign_in_sheet(sheets: Sheets, room: RoomPaper) -> None:
    note = "核对身份证原件和照片后，由本人签名。没有到场的，在签名处写“缺考”。"
    for page in _pages(room.sittings, rows=11, columns=2):
        top = _begin(sheets, room, f"{room.room} 签到表", note)
        for x, y, one in _cells(page, top - 40, height=58, rows=11):
            sheets.photo(one.photo(), (x + 30, y, 38, 50))
            sheets.write(_signer(one, x, y))
            sheets.frame((x + COLUMN - 78, y, 78, 50))
            sheets.write([Text(x + COLUMN - 74, y + 40, "签名", size=7, colour=MUTED)])
        foot = "监考人员签名：　　　　　　　　　　　　应到　　　人，实到　　　人，缺考　　　人"
        sheets.write([Text(LEFT, BOTTOM - 14, foot, size=10)])


def _signer(one: Sitting, x: float, y: float) -> Iterator[Text]:
    width = COLUMN - 78 - 76 - 6
    yield Text(x, y + 20, one.seat, Style.BOLD, 16)
    yield Text(x + 76, y + 36, one.name, Style.BOLD, shortened(one.name, width, 13, Style.BOLD))
    yield Text(x + 76, y + 20, one.number, size=shortened(one.number, width, 9.5))
    words = f"{one.masked_id} {one.category}"
    yield Text(x + 76, y + 6, words, size=shortened(words, width, 9), colour=MUTED)


def _begin(sheets: Sheets, room: RoomPaper, heading: str, note: str, *, big: float = 20) -> float:
    """Answers where the first row stands."""
    sheets.begin_page()
    about = f"{room.place} · {room.when} · {room.batch}"
    sheets.write(
        [
            Text(LEFT, TOP - 16, heading, Style.BOLD, big),
            Text(LEFT, TOP - 40, about, Style.BOLD, shortened(about, RIGHT - LEFT, 12, Style.BOLD)),
            Text(LEFT, TOP - 57, note, size=shortened(note, RIGHT - LEFT, 11), colour=MUTED),
        ]
    )
    return TOP - 84


def _pages(sittings: Sequence[Sitting], *, rows: int, columns: int) -> Iterator[Sequence[Sitting]]:
    """An empty room has one page, so that nobody looks for it."""
    size = rows * columns
    for start in range(0, max(len(sittings), 1), size):
        yield sittings[start : start + size]


def _cells(page: Sequence[Sitting], top: float, *, height: float, rows: int) -> Iterator[tuple[float, float, Sitting]]:
    for index, one in enumerate(page):
        yield LEFT + (COLUMN + GAP) * (index // rows), top - height * (index % rows), one
