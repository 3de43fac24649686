"""Finds the days that matter to a person: exams to come, and until when certificates may be extended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse

from administration.parameters.book import ParameterBook
from certificates.enums import IN_FORCE_STATES
from certificates.models import Certificate
from common.dates import chinese_date, months_before
from common.text.icalendar import CalendarEvent
from exams.enums import EntryState
from exams.models import ExamEntry, ExamSeat
from exams.selectors import entries_of_person, live_seats

DAY_BEFORE = timedelta(days=1)
COMING = (EntryState.ENTERED, EntryState.RETURNED, EntryState.APPROVED)


def days_of(person_id: int, *, today: date) -> list[CalendarEvent]:
    return [*_exams(person_id, today), *_certificates(person_id, today)]


def _exams(person_id: int, today: date) -> Iterator[CalendarEvent]:
    """Whoever has a seat reads its time and place; others the days of the batch."""
    entries = list(entries_of_person(person_id).filter(state__in=COMING, batch__exam_to__gte=today).order_by("pk"))
    seats = live_seats(entry.pk for entry in entries)
    for entry in entries:
        seat = seats.get(entry.pk)
        yield _of_batch(entry) if seat is None else _of_seat(entry, seat)


def _of_batch(entry: ExamEntry) -> CalendarEvent:
    batch = entry.batch
    state = EntryState(entry.state).label
    return CalendarEvent(
        uid=_uid("exam", entry.pk),
        title=f"{entry.category}证考试：{batch.name}",
        starts=batch.exam_from,
        ends=batch.exam_to,
        place=batch.site,
        text=f"{state}。考场和座位编排后，请重新下载日历或看准考证。",
        url=_address("exams:mine"),
        remind_before=DAY_BEFORE,
    )


def _of_seat(entry: ExamEntry, seat: ExamSeat) -> CalendarEvent:
    starts: datetime = seat.starts_at
    return CalendarEvent(
        uid=_uid("exam", entry.pk),
        title=f"{entry.category}证考试：{entry.batch.name}",
        starts=starts,
        ends=seat.ends_at,
        place=f"{seat.session_room.room.site.name} {seat.session_room.room.site.address}",
        text=f"{seat.session_room}，{seat}。请带身份证和准考证。",
        url=_address("exams:mine"),
        remind_before=DAY_BEFORE,
    )


def _certificates(person_id: int, today: date) -> Iterator[CalendarEvent]:
    rows = Certificate.objects.filter(person=person_id, legal_state__in=IN_FORCE_STATES, ends_on__gte=today)
    found = list(rows.order_by("ends_on", "pk"))
    if not found:
        return
    book = ParameterBook.load()
    for one in found:
        opens = months_before(one.ends_on, book.integer("extension_window_months", today))
        link = _address("certificates:detail", one.pk)
        if opens >= today:
            yield CalendarEvent(
                uid=_uid("extension", one.pk),
                title=f"{one.category}证可以申请延续",
                starts=opens,
                ends=opens,
                text=f"证书 {one.number}，有效期至{chinese_date(one.ends_on)}。请先完成继续教育学时。",
                url=link,
            )
        yield CalendarEvent(
            uid=_uid("certificate", one.pk),
            title=f"{one.category}证有效期届满",
            starts=one.ends_on,
            ends=one.ends_on,
            text=f"证书 {one.number}。{chinese_date(opens)}起可以申请延续，请在届满前提交。",
            url=link,
            remind_before=timedelta(days=30),
        )


def _uid(kind: str, pk: int) -> str:
    return f"{kind}-{pk}@{settings.PUBLIC_BASE_URL.partition('://')[2].partition('/')[0]}"


def _address(name: str, *args: object) -> str:
    return f"{settings.PUBLIC_BASE_URL}{reverse(name, args=args)}"
