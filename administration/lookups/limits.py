"""Limits and counts how often each asker looks people up by ID number, and alarms the security administrator when
unusual.

Every page, interface and tool that finds a person by number asks here first (a guard test finds those that do not).
The counts say how often somebody asked, never for whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum
from django.utils.timezone import localdate, localtime

from administration.calendar.working_days import load_working_days
from administration.enums import AskerKind
from administration.models import LookupAlarm, LookupCount
from administration.parameters.book import ParameterBook
from common.dates import midnight
from common.findings import Finding, Refused

HOURS = (time(7), time(20))
"""Lookups outside of these hours of a working day are counted apart."""
KEPT_FOR = timedelta(days=90)
REASONS = {
    "many": "查询数量多",
    "misses": "查不到人的比例高",
    "outside": "非工作时间查询",
    "refused": "达到上限后继续查询",
}
_WHOM = {
    AskerKind.ENTERPRISE: "确需一次办理很多人的，请联系注册地主管部门。",
    AskerKind.USER: "确需继续办理的，请联系本单位负责人和安全管理员。",
    AskerKind.KIOSK: "请到窗口办理登记，并联系省厅系统管理员。",
    AskerKind.ADDRESS: "需要一次核对许多证书的，请与证书所在单位的主管部门联系。",
}
_NO_MISSES = frozenset({AskerKind.KIOSK})
_ANY_HOUR = frozenset({AskerKind.KIOSK, AskerKind.ADDRESS})


@dataclass(frozen=True)
class Asker:
    kind: AskerKind
    key: str
    name: str
    user_id: int | None = None


@dataclass(frozen=True)
class _Day:
    asked: int = 0
    missed: int = 0
    outside: int = 0
    this_hour: int = 0


class TooManyLookups(Refused):
    """The refusal is answered with 429 by `accounts.access.middleware`."""

    def __init__(self, finding: Finding, *, retry_after: int) -> None:
        super().__init__(finding)
        self.retry_after = retry_after


def ask(asker: Asker, *, now: datetime) -> None:
    """Is called before a number is looked up. Raises TooManyLookups. Must not run in a transaction that is rolled back."""
    book, today = ParameterBook.load(), localdate(now)
    is_outside = not _is_working_time(now)
    # The lookup is counted first, so that of many requests at once none is left out.
    _add(asker, now, outside=is_outside)
    day = _day_of(asker, now)
    most = {window: book.integer(f"lookups_{asker.kind}_{window}", today) for window in ("hour", "day")}
    is_refused = day.asked > most["day"] or day.this_hour > most["hour"]
    _alarm_if_unusual(asker, day, book, most["day"], now=now, is_refused=is_refused)
    if day.asked > most["day"]:
        raise _too_many(asker, most["day"], "今天", midnight(today + timedelta(days=1)), now)
    if day.this_hour > most["hour"]:
        raise _too_many(asker, most["hour"], "一小时内", _hour_of(now) + timedelta(hours=1), now)


def ask_for_list(asker: Asker, wanted: int, *, now: datetime) -> int:
    """Is called before the numbers of a list are looked up. Answers how many of them may be, which are counted.

    Must not run in a transaction that is rolled back.
    """
    if wanted <= 0:
        return 0
    book, today = ParameterBook.load(), localdate(now)
    is_outside = not _is_working_time(now)
    _add(asker, now, outside=is_outside, times=wanted)
    day = _day_of(asker, now)
    most = {window: book.integer(f"lookups_{asker.kind}_{window}", today) for window in ("hour", "day")}
    beyond = min(wanted, max(day.asked - most["day"], day.this_hour - most["hour"], 0))
    if beyond:
        # What may not be looked up is not counted either, so that the rest of the list can follow later.
        late = beyond * is_outside
        _rows(asker, now).update(asked=F("asked") - beyond, outside=F("outside") - late)
        day = _day_of(asker, now)
    _alarm_if_unusual(asker, day, book, most["day"], now=now, is_refused=beyond == wanted)
    return wanted - beyond


def missed(asker: Asker, *, now: datetime, times: int = 1) -> None:
    """Counts a number that nobody has. With 0 the number was found; the work is the same, where that must not be
    told.
    """
    _rows(asker, now).update(missed=F("missed") + times)
    book = ParameterBook.load()
    most = book.integer(f"lookups_{asker.kind}_day", localdate(now))
    _alarm_if_unusual(asker, _day_of(asker, now), book, most, now=now)


def registered(asker: Asker, *, now: datetime) -> None:
    """Takes back a miss: the person who was not found is registered now."""
    _rows(asker, now).filter(missed__gt=0).update(missed=F("missed") - 1)


def open_alarms() -> QuerySet[LookupAlarm]:
    """Answers alarms about which nobody has decided yet."""
    return LookupAlarm.objects.filter(seen_at=None)


def forget_lookups(*, now: datetime) -> int:
    return LookupCount.objects.filter(since__lt=now - KEPT_FOR).delete()[0]


def _rows(asker: Asker, now: datetime) -> QuerySet[LookupCount]:
    return LookupCount.objects.filter(kind=asker.kind, key=asker.key, since=_hour_of(now))


def _hour_of(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _is_working_time(now: datetime) -> bool:
    local = localtime(now)
    return HOURS[0] <= local.time() < HOURS[1] and load_working_days().is_workday(local.date())


def _add(asker: Asker, now: datetime, *, outside: bool, times: int = 1) -> None:
    table = LookupCount._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS known (kind, key, since, asked, missed, outside) VALUES (%s, %s, %s, %s, 0, %s) "  # noqa: S608
            "ON CONFLICT (kind, key, since) DO UPDATE SET asked = known.asked + EXCLUDED.asked, "
            "outside = known.outside + EXCLUDED.outside",
            [str(asker.kind), asker.key, _hour_of(now), times, times * outside],
        )


def _day_of(asker: Asker, now: datetime) -> _Day:
    rows = LookupCount.objects.filter(kind=asker.kind, key=asker.key, since__gte=midnight(localdate(now)))
    sums = rows.aggregate(
        of_hour=Sum("asked", filter=Q(since=_hour_of(now)), default=0),
        of_day=Sum("asked", default=0),
        misses=Sum("missed", default=0),
        late=Sum("outside", default=0),
    )
    return _Day(asked=sums["of_day"], missed=sums["misses"], outside=sums["late"], this_hour=sums["of_hour"])


def _too_many(asker: Asker, most: int, window: str, until: datetime, now: datetime) -> TooManyLookups:
    local = localtime(until)
    clock = f"{local:%H:%M}" if local.date() == localdate(now) else f"{local.month}月{local.day}日 {local:%H:%M}"
    finding = Finding(
        "lookup.too_many",
        f"{window}按身份证号查询已达到上限{most}次",
        f"请在{clock}以后再查。{_WHOM[asker.kind]}",
        turn={AskerKind.ENTERPRISE: "企业", AskerKind.USER: "工作人员"}.get(asker.kind, "本人"),
    )
    return TooManyLookups(finding, retry_after=max(1, int((until - now).total_seconds())))


def _alarm_if_unusual(
    asker: Asker, day: _Day, book: ParameterBook, most: int, *, now: datetime, is_refused: bool = False
) -> None:
    today = localdate(now)
    unusual = {
        "many": day.asked * 100 >= most * book.integer("lookup_alarm_percent", today),
        "misses": asker.kind not in _NO_MISSES
        and day.missed >= book.integer("lookup_alarm_misses", today)
        and day.missed * 3 >= day.asked,
        "outside": asker.kind not in _ANY_HOUR and day.outside >= book.integer("lookup_alarm_outside", today),
        "refused": is_refused,
    }
    reasons = [code for code, is_so in unusual.items() if is_so]
    if reasons:
        _raise_alarm(asker, day, reasons, now=now)


def _raise_alarm(asker: Asker, day: _Day, reasons: list[str], *, now: datetime) -> None:
    counts = {"asked": day.asked, "missed": day.missed, "outside": day.outside}
    fields = {"name": asker.name[:200], "user_id": asker.user_id, "raised_at": now, "reasons": reasons, **counts}
    alarm, is_new = LookupAlarm.objects.get_or_create(
        kind=asker.kind, key=asker.key, day=localdate(now), defaults=fields
    )
    if is_new:
        return
    added = [code for code in reasons if code not in alarm.reasons]
    rows = LookupAlarm.objects.filter(pk=alarm.pk)
    rows.update(**counts, name=asker.name[:200], user_id=asker.user_id, reasons=[*alarm.reasons, *added])
    if added and alarm.seen_at is not None:
        # The alarm is opened again, because it is not the same as what was decided about.
        rows.update(seen_at=None)
