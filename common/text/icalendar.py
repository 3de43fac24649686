"""Writes calendar files (iCalendar, RFC 5545) that programs of telephones and offices read.

Moments are written in UTC, so that no file has to explain a time zone; days have no time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

CONTENT_TYPE = "text/calendar; charset=utf-8"
_LONGEST_LINE = 75
"""The unit is bytes without the line break (RFC 5545, 3.1)."""


@dataclass(frozen=True)
class CalendarEvent:
    """`uid` is the same for the same event in every file, so that a calendar that reads it again changes its entry.

    `ends` is the last day of an event of days, or the moment at which another one ends. `remind_before` makes the
    reader's calendar ring.
    """

    uid: str
    title: str
    starts: date | datetime
    ends: date | datetime
    place: str = ""
    text: str = ""
    url: str = ""
    remind_before: timedelta | None = None


def calendar_file(name: str, events: Iterable[CalendarEvent], *, now: datetime) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//jxcloud//jxcloud//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for event in events:
        lines += _event(event, now)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(event: CalendarEvent, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(event.uid)}"
    yield f"DTSTAMP:{_moment(now)}"
    yield from _span(event)
    yield f"SUMMARY:{_escaped(event.title)}"
    if event.place:
        yield f"LOCATION:{_escaped(event.place)}"
    if event.text:
        yield f"DESCRIPTION:{_escaped(event.text)}"
    if event.url:
        yield f"URL:{event.url}"
    if event.remind_before is not None:
        minutes = int(event.remind_before.total_seconds()) // 60
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(event.title)}")
        yield from (f"TRIGGER:-PT{minutes}M", "END:VALARM")
    yield "END:VEVENT"


def _span(event: CalendarEvent) -> Iterator[str]:
    """The end of an event of days is the day after its last one (RFC 5545, 3.6.1)."""
    if isinstance(event.starts, datetime) and isinstance(event.ends, datetime):
        yield f"DTSTART:{_moment(event.starts)}"
        yield f"DTEND:{_moment(event.ends)}"
        return
    yield f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.ends + timedelta(days=1):%Y%m%d}"
    yield "TRANSP:TRANSPARENT"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    found = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return found.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Breaks a long line between characters; what follows begins with a blank that readers leave out."""
    pieces, piece = [], b""
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > _LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
