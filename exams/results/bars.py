"""Writes bars from sign-up. A bar belongs to the person, and is lifted with the result that caused it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from administration.parameters.book import ParameterBook
from common.database.set_inserts import insert_rows
from common.dates import add_months, chinese_date
from exams.enums import EntryState
from exams.models import ExamEntry
from workflow.enums import BarScope
from workflow.models import Bar

PARAMETERS = {EntryState.ABSENT: "bar_absence_months", EntryState.CHEATED: "bar_cheating_months"}


def cause_of(entry_id: int) -> str:
    return f"exam_entry:{entry_id}"


def bar(entries: Iterable[ExamEntry], *, found_on: date, parameters: ParameterBook) -> dict[int, Bar]:
    """Bars people whose entries just became absent or cheated, from the exam day or from the day of the finding.

    Answers the bars by entry.
    """
    rows = {entry.pk: _bar(entry, found_on, parameters) for entry in entries if entry.state in PARAMETERS}
    bars = {pk: row for pk, row in rows.items() if row is not None}
    insert_rows(bars.values())
    return bars


def free_from(entry: ExamEntry, state: str, *, found_on: date, parameters: ParameterBook) -> date | None:
    """Answers the day from which sign-up is allowed again after this result, or None where it bars nobody."""
    if state not in PARAMETERS:
        return None
    starts_on = _starts_on(entry, EntryState(state), found_on)
    months = _months(EntryState(state), starts_on, parameters)
    return add_months(starts_on, months) if months else None


def _starts_on(entry: ExamEntry, state: EntryState, found_on: date) -> date:
    return entry.batch.exam_from if state == EntryState.ABSENT else found_on


def _months(state: EntryState, starts_on: date, parameters: ParameterBook) -> int:
    return int(parameters.row(PARAMETERS[state], starts_on).value)


def _bar(entry: ExamEntry, found_on: date, parameters: ParameterBook) -> Bar | None:
    """Answers None where the parameter sets no months. Sign-up is allowed again on the day on which the months are
    over.
    """
    free = free_from(entry, entry.state, found_on=found_on, parameters=parameters)
    if free is None:
        return None
    state = EntryState(entry.state)
    what = "考试作弊" if state == EntryState.CHEATED else "报名审核通过后无故缺考"
    when = chinese_date(entry.batch.exam_from)
    return Bar(
        person_id=entry.person_id,
        scope=BarScope.EXAM,
        source=f"{when}{entry.batch.name}（{entry.category}证），{what}",
        cause=cause_of(entry.pk),
        starts_on=_starts_on(entry, state, found_on),
        ends_on=free - timedelta(days=1),
    )


def lift(entry_ids: Collection[int], *, now: datetime) -> None:
    causes = [cause_of(pk) for pk in entry_ids]
    Bar.objects.filter(cause__in=causes, lifted_at__isnull=True).update(lifted_at=now)


def restore(lifted_at: Mapping[int, datetime | None]) -> None:
    """Puts bars back into force that were lifted when the result of their entry was recorded at this moment."""
    again = [cause_of(pk) for pk in lifted_at]
    bars = [
        bar
        for bar in Bar.objects.filter(cause__in=again, lifted_at__isnull=False)
        if bar.lifted_at == lifted_at[int(bar.cause.rpartition(":")[2])]
    ]
    Bar.objects.filter(pk__in=[bar.pk for bar in bars]).update(lifted_at=None)
