"""Reads what a head of section sees: stored figures only, so that the page costs the same however many cases are open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import User
from administration.models import Office
from administration.offices.selectors import reach_of
from workflow.business import businesses
from workflow.permissions import heads_province

from ..actors import Actor
from ..enums import LATE_BANDS, Band
from ..models import DeskFigure, DeskTime, LateWeek

WEEKS = 8
BAR, BAR_HEIGHT = 84, 10
SPARK, SPARK_HEIGHT = 94, 24
LOOKS = {Band.NONE: "f-muted", Band.AHEAD: "f-brand", Band.TODAY: "f-warn"}
"""The bars of late cases are red."""


@dataclass
class Load:
    """Sums figures. `url` leads to the list of these cases, where the reader has one."""

    name: str
    open: int = 0
    today: int = 0
    late: int = 0
    came: int = 0
    free: int = 0
    oldest: date | None = None
    url: str = ""

    def add(self, one: DeskFigure) -> None:
        self.open += one.number
        self.came += one.came
        self.free += one.number if one.assignee_id is None else 0
        self.today += one.number if one.band == Band.TODAY else 0
        if one.band in LATE_BANDS:
            self.late += one.number
            self.oldest = min(filter(None, (self.oldest, one.oldest_due_on)), default=None)

    @property
    def late_url(self) -> str:
        return f"{self.url}&due=late" if self.url else ""

    @property
    def today_url(self) -> str:
        return f"{self.url}&due=today" if self.url else ""

    @property
    def free_url(self) -> str:
        return f"{self.url}&whose=free" if self.url else ""


@dataclass(frozen=True)
class OfficeRow:
    load: Load
    bar: float
    weeks: Sequence[int]
    accept: str
    decide: str

    @property
    def spark(self) -> str:
        """Answers the path of the line, the last week at its right end."""
        return "".join(f"{'L' if place else 'M'}{x} {y}" for place, (x, y) in enumerate(self._points()))

    @property
    def last_point(self) -> tuple[float, float]:
        return self._points()[-1]

    @property
    def weeks_in_words(self) -> str:
        return "、".join(map(str, self.weeks))

    def _points(self) -> list[tuple[float, float]]:
        step, most = (SPARK - 6) / (WEEKS - 1), max(*self.weeks, 1)
        return [
            (round(2 + place * step, 1), round(20 - 16 * number / most, 1)) for place, number in enumerate(self.weeks)
        ]


@dataclass(frozen=True)
class Board:
    whole: Load
    offices: Sequence[OfficeRow]
    kinds: Sequence[Load]
    people: Sequence[Load]
    ages: Sequence[tuple[str, str, int, float]]
    counted_at: datetime | None
    is_provincial: bool


def board_of(actor: Actor) -> Board:
    """The province sees all offices, a city its own and those of its region."""
    province = heads_province(actor)
    offices = {one.pk: one for one in _offices(actor)}
    figures = list(DeskFigure.objects.filter(office__in=offices).order_by("id"))
    whole = Load("", url=_list("all" if province else ""))
    for one in figures:
        whole.add(one)
    url_of = _urls(actor, province)
    by_office = _summed(figures, lambda one: one.office_id, {pk: one.name for pk, one in offices.items()})
    for pk, load in by_office.items():
        load.url = url_of(pk)
    return Board(
        whole=whole,
        offices=_office_rows(by_office, offices),
        kinds=_kinds(figures, province),
        people=_people(figures, actor),
        ages=_ages(figures),
        counted_at=figures[0].counted_at if figures else None,
        is_provincial=province,
    )


def _offices(actor: Actor) -> list[Office]:
    reach = reach_of(actor.office_id or 0)
    where = Q() if reach is None else Q(region__in=reach) | Q(pk=actor.office_id)
    return list(Office.objects.filter(where).order_by("region_id", "kind", "name", "pk"))


def _list(office: str, **more: str) -> str:
    return f"{reverse('workflow:team')}?{urlencode({'office': office, **more})}"


def _urls(actor: Actor, province: bool) -> Callable[[int], str]:
    """The list of a city has the cases of its own office alone."""
    own = actor.office_id
    return lambda pk: _list("" if pk == own else str(pk)) if province or pk == own else ""


def _summed(figures: Iterable[DeskFigure], key: Callable[[DeskFigure], Any], names: dict[Any, str]) -> dict[Any, Load]:
    found: dict[Any, Load] = {}
    for one in figures:
        found.setdefault(key(one), Load(names.get(key(one), ""))).add(one)
    return found


def _office_rows(loads: dict[int, Load], offices: dict[int, Office]) -> list[OfficeRow]:
    weeks, times = _weeks(loads), {one.city: one for one in DeskTime.objects.order_by("id")}
    most = max((load.late for load in loads.values()), default=0) or 1
    rows = [
        OfficeRow(
            load,
            round(BAR * load.late / most, 1),
            weeks[pk],
            *_times(times.get(_city_of(offices[pk]))),
        )
        for pk, load in loads.items()
    ]
    return sorted(rows, key=lambda row: (-row.load.late, -row.load.today, -row.load.open, row.load.name))


def _city_of(office: Office) -> str:
    """The row of the province has no city; that of a county is its city's."""
    return "" if office.region_id.endswith("0000") else f"{office.region_id[:4]}00"


def _times(found: DeskTime | None) -> tuple[str, str]:
    if found is None:
        return "—", "—"
    return _pair(found.accept_median, found.accept_most), _pair(found.decide_median, found.decide_most)


def _pair(median: int | None, most: int | None) -> str:
    return "—" if median is None else f"{median} / {most}"


def _weeks(offices: Iterable[int]) -> dict[int, list[int]]:
    """Weeks that were not counted have none late."""
    today = localdate()
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=WEEKS - 1 - place) for place in range(WEEKS)]
    rows = LateWeek.objects.filter(office__in=offices, week__gte=mondays[0]).values_list("office", "week", "late")
    known = {(office, week): late for office, week, late in rows.order_by("id")}
    return defaultdict(lambda: [0] * WEEKS, {pk: [known.get((pk, week), 0) for week in mondays] for pk in offices})


def _kinds(figures: Iterable[DeskFigure], province: bool) -> list[Load]:
    names = {one.kind: one.title for one in businesses()}
    loads = _summed(figures, lambda one: one.kind, names)
    for kind, load in loads.items():
        load.url = _list("all" if province else "", kind=kind)
    return sorted(loads.values(), key=lambda load: (-load.late, -load.open, load.name))


def _people(figures: Iterable[DeskFigure], actor: Actor) -> list[Load]:
    """Lists the clerks of the reader's own office; of other offices their heads see to it."""
    own = [one for one in figures if one.office_id == actor.office_id]
    ids = {one.assignee_id for one in own if one.assignee_id}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    loads = _summed(own, lambda one: one.assignee_id, {None: "还没有承办人", **names})
    for pk, load in loads.items():
        load.url = _list("", **({"member": str(pk)} if pk else {"whose": "free"}))
    return sorted(loads.values(), key=lambda load: (-load.late, -load.open, load.name))


def _ages(figures: Iterable[DeskFigure]) -> list[tuple[str, str, int, float]]:
    """Answers label, class, number and the length of the bar, which is that of the square root."""
    numbers: dict[str, int] = defaultdict(int)
    for one in figures:
        numbers[one.band] += one.number
    most = max(numbers.values(), default=0) or 1
    listed = [
        (str(band.label), LOOKS.get(band, "f-bad"), numbers[band])
        for band in Band
        if band != Band.NONE or numbers[band]
    ]
    return [(label, look, number, round(100 * (number / most) ** 0.5, 1)) for label, look, number in listed]
