"""Turns seats into what is drawn: admit cards, and the lists of rooms."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import groupby

from django.db.models.fields.files import FieldFile

from administration.parameters.book import ParameterBook
from certificates.enums import Category
from common.encryption import DecryptionError
from common.text.masking import mask_id_number
from exams.models import ExamBatch, ExamSeat, SessionRoom

from .admit_card import Card, draw_cards
from .lists import Draw, RoomPaper, Sitting, draw_rooms

logger = logging.getLogger(__name__)
PROVINCE = "江西省住房和城乡建设厅"


def organiser_of(batch: ExamBatch) -> str:
    return batch.organiser.name if batch.organiser else PROVINCE


def print_cards(seats: Iterable[ExamSeat], *, title: str, day: date) -> bytes:
    book = ParameterBook.load()
    return draw_cards((card_of(seat, book) for seat in seats), title=title, day=day)


def card_of(seat: ExamSeat, book: ParameterBook) -> Card:
    entry, room = seat.entry, seat.session_room
    return Card(
        number=seat.candidate_number,
        code=seat.code,
        batch=entry.batch.name,
        name=entry.person.name,
        id_number=entry.person.id_number,
        category=f"{entry.category} {Category(entry.category).label}",
        enterprise=entry.enterprise.name,
        photo=_read(entry.person.id_photo),
        starts_at=seat.starts_at,
        ends_at=seat.ends_at,
        room=str(room),
        room_name=room.room.name,
        seat=f"{seat.number:02d}",
        site=site_of(room),
        rules=rules_of(entry.batch, book),
        organiser=organiser_of(entry.batch),
    )


def site_of(room: SessionRoom) -> str:
    site = room.room.site
    parts = [f"{site.name}（{site.address}）", site.directions, f"服务电话 {site.phone}" if site.phone else ""]
    return "".join(f"{part.rstrip('。')}。" for part in parts if part)


def rules_of(batch: ExamBatch, book: ParameterBook) -> tuple[str, ...]:
    absence = book.integer("bar_absence_months", batch.exam_from)
    cheating = book.integer("bar_cheating_months", batch.exam_from)
    barred = f"；无故缺考的，{absence} 个月内不能报名" if absence else ""
    return (
        "带身份证原件和这张准考证，手机上的准考证也可以。",
        "请提前到场，按考场和座位号入座，听从监考人员安排。",
        f"手机关机，放在指定的地方。考试作弊的，{cheating} 个月内不能报名。",
        f"来不了的，考试前告知考试机构并保留证明{barred}。",
    )


def print_rooms(rooms: Iterable[RoomPaper], draw: Draw, *, batch: ExamBatch, title: str, day: date) -> bytes:
    return draw_rooms(rooms, draw, title=f"{batch.name} {title}", author=organiser_of(batch), day=day)


def papers_of(seats: Iterable[ExamSeat]) -> Iterator[RoomPaper]:
    """The seats come in the order of rooms; a room without anybody has no paper."""
    for room, sitting in groupby(seats, key=lambda seat: seat.session_room):
        yield paper_of(room, list(sitting))


def paper_of(room: SessionRoom, seats: Iterable[ExamSeat]) -> RoomPaper:
    return RoomPaper(
        room=str(room),
        place=f"{room.room.site.name} {room.room.name}",
        batch=f"{room.session.batch.name} {room.session}",
        starts_at=room.starts_at,
        ends_at=room.ends_at,
        sittings=[_sitting(seat) for seat in seats],
    )


def _sitting(seat: ExamSeat) -> Sitting:
    person = seat.entry.person
    return Sitting(
        seat=f"{seat.number:02d}",
        name=person.name,
        number=seat.candidate_number,
        masked_id=mask_id_number(person.id_number),
        category=seat.entry.category,
        enterprise=seat.entry.enterprise.name,
        photo=partial(_read, person.id_photo_small),
    )


def _read(photo: FieldFile) -> bytes:
    """A photo that is missing or cannot be read is told on the paper and in the log, and stops nobody's card."""
    if not photo:
        return b""
    try:
        with photo.storage.open(str(photo.name)) as stored:
            return bytes(stored.read())
    except (OSError, DecryptionError):
        logger.exception("a stored photo cannot be read")
        return b""
