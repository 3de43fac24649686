"""Writes the records of continuing education: they are added, or withdrawn with a replacement, and never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import now as utc_now

from common.findings import Finding, Refused
from common.text.said import said, too_long

from .models import TrainingRecord
from .selectors import COURSE, course_of
from .signals import training_changed

UNIQUE = ("id_number_index", *COURSE)
"""Two records that agree in these fields are the same; a constraint of the model says so too."""


@dataclass(frozen=True)
class NewRecord:
    id_number_index: str
    name: str
    institution_name: str
    course: str
    hours: Decimal
    starts_on: date
    ends_on: date
    category: str = ""
    institution_id: int | None = None

    @property
    def key(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in UNIQUE)


@dataclass(frozen=True)
class Added:
    """`known` pairs what was recorded already with its record. `differing` are recorded on the same days with other hours
    or another name: withdraw the present record first.
    """

    records: list[TrainingRecord]
    known: list[tuple[NewRecord, TrainingRecord]]
    differing: list[NewRecord]


def add_record(record: NewRecord, *, by_user_id: int | None, now: datetime | None = None) -> TrainingRecord:
    """Raises Refused when the course is recorded already."""
    added = add_records([record], by_user_id=by_user_id, now=now)
    if not added.records:
        raise Refused(_already_recorded())
    return added.records[0]


@transaction.atomic
def add_records(
    records: Sequence[NewRecord],
    *,
    by_user_id: int | None,
    import_run_id: int | None = None,
    now: datetime | None = None,
) -> Added:
    """Adds the records in three queries. A record that is there already is answered, and not written twice."""
    now = now or utc_now()
    there = _present(records)
    missing: list[NewRecord] = []
    known: list[tuple[NewRecord, TrainingRecord]] = []
    differing: list[NewRecord] = []
    for record in records:
        before = there.get(record.key)
        if before is None:
            missing.append(record)
        elif (before.hours, before.name) == (record.hours, record.name):
            known.append((record, before))
        else:
            differing.append(record)
    rows = [_row(record, by_user_id, import_run_id, now) for record in missing]
    TrainingRecord.objects.bulk_create(rows)
    _tell(row.id_number_index for row in rows)
    return Added(rows, known, differing)


@transaction.atomic
def withdraw_record(
    *,
    record_id: int,
    reason: str,
    by_user_id: int | None,
    replacement: NewRecord | None = None,
    now: datetime | None = None,
) -> TrainingRecord | None:
    """The record stays visible as withdrawn and points to the one that replaces it, which is answered."""
    now = now or utc_now()
    record = TrainingRecord.objects.select_for_update(no_key=True).get(pk=record_id)
    if record.withdrawn_at is not None:
        raise Refused(Finding("training.withdrawn", "该记录已经撤回", "不需要再次操作。"))
    reason = said(reason)
    if not reason:
        raise Refused(Finding("training.no_reason", "请填写撤回原因"))
    if long := too_long(reason, 200, "撤回原因"):
        raise Refused(*long)
    record.withdrawn_at, record.withdrawn_reason = now, reason
    record.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    if replacement is None:
        _tell([record.id_number_index])
        return None
    # The replacement is added after the withdrawal: a correction of the hours is the same course on the same days.
    record.replaced_by = add_record(replacement, by_user_id=by_user_id, now=now)
    record.save(update_fields=["replaced_by"])
    _tell([record.id_number_index])
    return record.replaced_by


@transaction.atomic
def withdraw_records(record_ids: Collection[int], *, reason: str, now: datetime | None = None) -> None:
    """Withdraws records that an import should not have brought in. The caller has locked them and found them standing."""
    rows = TrainingRecord.objects.filter(pk__in=record_ids, withdrawn_at__isnull=True)
    people = set(rows.values_list("id_number_index", flat=True))
    rows.update(withdrawn_at=now or utc_now(), withdrawn_reason=reason)
    _tell(people)


@transaction.atomic
def follow_number(*, former: str, present: str) -> None:
    """The records come under the person's present number. One that is there already stays under the former number."""
    rows = TrainingRecord.objects.filter(id_number_index=former)
    there = {
        course_of(row) for row in TrainingRecord.objects.filter(id_number_index=present, withdrawn_at__isnull=True)
    }
    twice = [row.pk for row in rows.filter(withdrawn_at__isnull=True) if course_of(row) in there]
    rows.exclude(pk__in=twice).update(id_number_index=present)
    _tell([present])


def _present(records: Sequence[NewRecord]) -> dict[tuple[object, ...], TrainingRecord]:
    indexes = {record.id_number_index for record in records}
    present = TrainingRecord.objects.filter(id_number_index__in=indexes, withdrawn_at__isnull=True)
    return {tuple(getattr(record, name) for name in UNIQUE): record for record in present}


def _row(record: NewRecord, by_user_id: int | None, import_run_id: int | None, now: datetime) -> TrainingRecord:
    return TrainingRecord(
        id_number_index=record.id_number_index,
        name=record.name,
        institution_id=record.institution_id,
        institution_name=record.institution_name,
        course=record.course,
        category=record.category,
        hours=record.hours,
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        created_at=now,
        recorded_by_id=by_user_id,
        import_run_id=import_run_id,
    )


def _already_recorded() -> Finding:
    return Finding(
        "training.known", "这门课程的记录已存在", "同一人、同一机构、同一课程和日期只能有一条；需要更正时先撤回原记录。"
    )


def _tell(indexes: Iterable[str]) -> None:
    people = set(indexes)
    if people:
        training_changed.send(sender=TrainingRecord, id_number_indexes=people)
