"""Reads a year's plan of holidays, and takes it over whole once somebody has seen what it changes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from administration.audit.services import Author, record_audit
from administration.models import CalendarDay
from common.dates import chinese_date
from common.tabular.cells import as_text, day, words_up_to
from common.tabular.column import Column
from common.tabular.errors import TableError
from common.tabular.row import ROWS_OF_SHEET, Row
from common.tabular.table import read_table
from common.tabular.yes_no import plain_word

from .asking import AskFirst
from .signals import MovedClocks, calendar_changed

MOST_DAYS = 400
MOST_BYTES = 2_000_000
REST, WORK = "放假", "上班"
_KINDS = {
    **dict.fromkeys(("放假", "休", "休息", "假日", "节假日", "法定节假日", "调休放假", "公休"), False),
    **dict.fromkeys(("上班", "班", "工作", "工作日", "调休上班", "补班"), True),
}
WEEK = "一二三四五六日"


def parse_kind(word: str) -> str:
    known = _KINDS.get(plain_word(word))
    if known is None:
        raise ValidationError(f"这里应填写“{REST}”或“{WORK}”。", code="kind")
    return WORK if known else REST


COLUMNS = (
    Column("day", "日期", required=True, parse=day, example="2027-01-01"),
    Column("kind", "类型", ("安排", "休班"), required=True, parse=as_text(parse_kind), example=REST),
    Column("name", "名称", ("节日", "说明"), parse=words_up_to(50), example="元旦"),
)


@dataclass(frozen=True)
class PlannedDay:
    day: date
    is_workday: bool
    name: str = ""

    @property
    def as_text(self) -> str:
        return f"{self.day.isoformat()},{WORK if self.is_workday else REST},{self.name}"


@dataclass(frozen=True)
class DayChange:
    """Says what a day is before and after in words; "" where the calendar names it not, and the week decides."""

    day: date
    before: str
    after: str

    @property
    def weekday(self) -> str:
        return f"星期{WEEK[self.day.weekday()]}"


class PlanNotSeen(AskFirst):
    """Rolls the plan back until somebody has seen which days it changes and which deadlines it moves."""

    def __init__(self, changes: Sequence[DayChange], moved: Sequence[MovedClocks]) -> None:
        super().__init__(moved)
        self.changes = changes

    @property
    def mark(self) -> str:
        days = [f"{one.day}|{one.before}|{one.after}" for one in self.changes]
        clocks = sorted(f"{one.before}|{one.after}" for one in self.moved)
        return sha256("\n".join([*days, "", *clocks]).encode()).hexdigest()[:32]


def read_plan(content: bytes, name: str, *, year: int, titles_added: int = 0) -> list[PlannedDay]:
    """Answers the days in order. Raises ValidationError with everything that is wrong, row by row."""
    try:
        with read_table(content, name, COLUMNS, max_bytes=MOST_BYTES) as table:
            rows = list(islice(table, MOST_DAYS + 1))
    except TableError as error:
        raise ValidationError(str(error), code="table") from error
    if not rows or len(rows) > MOST_DAYS:
        raise ValidationError(
            f"一份方案应有 1 至 {MOST_DAYS} 行，每行一天。" if rows else "方案里没有日期，请填写后再上传。",
            code="length",
        )
    wrong = [sentence for row in rows for sentence in _problems(row, titles_added)]
    plan = [_planned(row) for row in rows if not row.problems]
    wrong += _odd_days(plan, year)
    if wrong:
        raise ValidationError([ValidationError(sentence, code="row") for sentence in wrong[:20]])
    return sorted(plan, key=lambda one: one.day)


def read_text(text: str, *, year: int) -> list[PlannedDay]:
    """Reads pasted lines, with titles or without."""
    lines = [re.sub(r"[\t，;；]|\s{2,}", ",", line.strip()) for line in text.splitlines() if line.strip()]
    titles = ["日期,类型,名称"] if lines and "日期" not in lines[0] else []
    return read_plan("\n".join([*titles, *lines]).encode(), "方案.csv", year=year, titles_added=len(titles))


def _planned(row: Row) -> PlannedDay:
    values: dict[str, Any] = row.values
    return PlannedDay(values["day"], values["kind"] == WORK, values["name"] or "")


def _problems(row: Row, titles_added: int) -> Iterator[str]:
    for problem in row.problems:
        yield f"第 {row.number % ROWS_OF_SHEET - titles_added} 行{problem.column_title}：{problem.sentence}"


def _odd_days(plan: Sequence[PlannedDay], year: int) -> Iterator[str]:
    """A plan is a whole year's: it names New Year's Day, by which the year counts as known."""
    seen: set[date] = set()
    for one in plan:
        said = f"{chinese_date(one.day)}（星期{WEEK[one.day.weekday()]}）"
        if one.day.year != year and (one.day.year, one.day.month) != (year - 1, 12):
            yield f"{said}不在 {year} 年；只有与元旦连休的上一年12月的日子可以写在同一份方案里。"
        if one.day in seen:
            yield f"{said}写了两次。"
        if one.is_workday and one.day.weekday() < 5:
            yield f"{said}本来就是工作日，不需要写为上班，请核对日期。"
        seen.add(one.day)
    if plan and date(year, 1, 1) not in seen:
        yield f"方案中没有 {year} 年元旦（1月1日），请上传全年的方案。"


def apply_plan(*, year: int, plan: Sequence[PlannedDay], seen: str, by: Author) -> tuple[int, int]:
    """Makes the year's calendar that of the plan, and answers how many days changed and how many deadlines move.

    Days of the year that the plan does not name follow the week again. Raises PlanNotSeen, with nothing changed, unless
    `seen` is the mark of just these changes and moves.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two keepers at once: the second sees what the first has changed, and is asked about the rest.
            cursor.execute("LOCK TABLE administration_calendarday IN SHARE ROW EXCLUSIVE MODE")
        changes = _write(year, plan)
        answers: list[tuple[Any, Any]] = calendar_changed.send(sender=CalendarDay) if changes else []
        moved = [one for _, answer in answers for one in answer]
        stop = PlanNotSeen(changes, moved)
        if seen != stop.mark:
            raise stop
        count = sum(one.count for one in moved)
        if changes:
            record_audit(
                action="calendar.plan",
                actor_id=by.user_id,
                actor_name=by.name,
                sphere=by.sphere,
                object_type=CalendarDay._meta.label_lower,
                object_id=year,
                detail={"year": year, "days": len(changes), "moved": count},
                request_id=by.request_id,
                address=by.address,
            )
    return len(changes), count


def _write(year: int, plan: Sequence[PlannedDay]) -> list[DayChange]:
    wanted = {one.day: one for one in plan}
    known = {row.day: row for row in CalendarDay.objects.filter(day__year__range=(year - 1, year)).order_by("day")}
    gone = [day for day in known if day.year == year and day not in wanted]
    new = {day: CalendarDay(day=day, is_workday=one.is_workday, note=one.name) for day, one in wanted.items()}
    changes = [
        change
        for day in sorted({*gone, *new})
        if (change := DayChange(day, _words(known, day), _words(new, day))) and change.before != change.after
    ]
    CalendarDay.objects.filter(day__in=gone).delete()
    CalendarDay.objects.bulk_create(
        new.values(), update_conflicts=True, unique_fields=["day"], update_fields=["is_workday", "note"]
    )
    return changes


def _words(rows: Mapping[date, CalendarDay], day: date) -> str:
    row = rows.get(day)
    return "" if row is None else f"{WORK if row.is_workday else REST}{f'（{row.note}）' if row.note else ''}"


def in_one_text(plan: Collection[PlannedDay]) -> str:
    return "\n".join(one.as_text for one in plan)
