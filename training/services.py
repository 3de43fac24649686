"""Writes the records of continuing education: they are added, or withdrawn with a replacement, and never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import now as utc_now

from accounts.access import audit
from accounts.models import Person, User
from administration.imports.services import one_import_at_a_time
from common.database.set_inserts import insert_rows
from common.findings import Cure, Finding, Refused
from common.text.said import said, too_long

from .enums import Source
from .models import TrainingRecord
from .overlaps import Days, OnDays, overlapping
from .selectors import COURSE, course_of
from .signals import training_changed

KIND = "training"
"""Imports of this kind take turns, and so does whoever adds one record."""
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
    source: str = Source.INSTITUTION
    overlap_reason: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in UNIQUE)


@dataclass(frozen=True)
class Added:
    """`known` pairs what was recorded already with its record. `differing` are recorded on the same days with other hours
    or another name: correct the present record. `misnamed` bear another name than the person who has registered.
    `overlapping` are on days of another course of this person, and nobody has said why.
    """

    records: list[TrainingRecord]
    known: list[tuple[NewRecord, TrainingRecord]]
    differing: list[tuple[NewRecord, TrainingRecord]]
    misnamed: list[NewRecord]
    overlapping: list[tuple[NewRecord, OnDays]]


@transaction.atomic
def add_record(record: NewRecord, *, by: User | None, now: datetime | None = None) -> TrainingRecord:
    """Raises Refused when the course is recorded already, when the name is not the registered person's, and when its days
    are also those of another course and no reason is given.
    """
    one_import_at_a_time(KIND)  # two that add the same record wait for each other
    added = add_records([record], by_user_id=by.pk if by else None, now=now)
    if added.misnamed:
        raise Refused(MISNAMED)
    if added.overlapping:
        raise Refused(overlapping(added.overlapping[0][1]))
    if not added.records:
        there = [one for _, one in [*added.known, *added.differing]]
        raise Refused(_already_recorded(there[0], record))
    detail: dict[str, object] = {"overlap_reason": record.overlap_reason} if record.overlap_reason else {}
    audit.record("training.added", by=by, about=added.records[0], detail=detail)
    return added.records[0]


@transaction.atomic
def add_records(
    records: Sequence[NewRecord],
    *,
    by_user_id: int | None,
    import_run_id: int | None = None,
    now: datetime | None = None,
) -> Added:
    """Adds the records in four queries. A record that is there already is answered, and not written twice."""
    now = now or utc_now()
    there, names = _present(records), _registered_names(records)
    days = Days(there.values())
    missing: list[NewRecord] = []
    known: list[tuple[NewRecord, TrainingRecord]] = []
    differing: list[tuple[NewRecord, TrainingRecord]] = []
    misnamed: list[NewRecord] = []
    twice: list[tuple[NewRecord, OnDays]] = []
    for record in records:
        before = there.get(record.key)
        if record.name not in names.get(record.id_number_index, {record.name}):
            misnamed.append(record)
        elif before is None and not record.overlap_reason and (other := days.taken_by(record)):
            twice.append((record, other))
        elif before is None:
            missing.append(record)
            days.take(record)
        elif (before.hours, before.name, before.source) == (record.hours, record.name, record.source):
            known.append((record, before))
        else:
            differing.append((record, before))
    rows = [_row(record, by_user_id, import_run_id, now) for record in missing]
    insert_rows(rows)
    _tell(row.id_number_index for row in rows)
    return Added(rows, known, differing, misnamed, twice)


@transaction.atomic
def withdraw_record(*, record_id: int, reason: str, by: User | None, now: datetime | None = None) -> TrainingRecord:
    """The record stays visible as withdrawn, with the reason. Raises Refused."""
    record = _withdrawn(record_id, reason, now or utc_now())
    audit.record("training.withdrawn", by=by, about=record, detail={"reason": record.withdrawn_reason})
    _tell([record.id_number_index])
    return record


@transaction.atomic
def correct_record(
    *, record_id: int, right: NewRecord, reason: str, by: User | None, now: datetime | None = None
) -> TrainingRecord:
    """Withdraws the record and adds the right one, to which it points and which is answered. Raises Refused."""
    now = now or utc_now()
    one_import_at_a_time(KIND)
    wrong = _withdrawn(record_id, reason, now)
    if (right.key, right.hours, right.name, right.source) == (_key(wrong), wrong.hours, wrong.name, wrong.source):
        raise Refused(Finding("training.same", "没有改动任何内容", "请改正有误的内容；记录本身不应存在的，请撤回。"))
    # The right one is added after the withdrawal: a correction of the hours is the same course on the same days.
    wrong.replaced_by = add_record(right, by=by, now=now)
    wrong.save(update_fields=["replaced_by"])
    detail: dict[str, object] = {"reason": wrong.withdrawn_reason, "right": wrong.replaced_by.pk}
    audit.record("training.corrected", by=by, about=wrong, detail=detail)
    _tell([wrong.id_number_index, right.id_number_index])
    return wrong.replaced_by


def _withdrawn(record_id: int, reason: str, now: datetime) -> TrainingRecord:
    record = TrainingRecord.objects.select_for_update(no_key=True).get(pk=record_id)
    reason = said(reason)
    findings: list[Finding] = []
    if record.withdrawn_at is not None:
        findings.append(_changed_meanwhile(record))
    if not reason:
        findings.append(Finding("training.no_reason", "请填写原因"))
    findings += too_long(reason, 200, "原因") or []
    if findings:
        raise Refused(*findings)
    record.withdrawn_at, record.withdrawn_reason = now, reason
    record.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return record


def _changed_meanwhile(record: TrainingRecord) -> Finding:
    """A page that is older than the withdrawal is told what stands now: after a correction, the latest right record."""
    why = f"原因：{record.withdrawn_reason}。" if record.withdrawn_reason else ""
    right = record
    while right.replaced_by is not None:
        right = right.replaced_by
    if right.pk == record.pk or right.withdrawn_at is not None:
        return Finding("training.withdrawn", "该记录已经撤回", f"{why}不需要再次操作。", cure=see(record))
    now_says = f"现在有效的是“{right.course}”，{right.hours.normalize():f} 学时，{right.starts_on} 至 {right.ends_on}。"
    return Finding(
        "training.withdrawn",
        "该记录已经更正过，您看到的不是现在的内容",
        f"{why}{now_says}仍有误的，请更正这一条；您填写的内容还在下面。",
        cure=see(right),
    )


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
    return {_key(record): record for record in present}


def _row(record: NewRecord, by_user_id: int | None, import_run_id: int | None, now: datetime) -> TrainingRecord:
    return TrainingRecord(
        id_number_index=record.id_number_index,
        name=record.name,
        institution_id=record.institution_id,
        institution_name=record.institution_name,
        course=record.course,
        category=record.category,
        source=record.source,
        overlap_reason=record.overlap_reason,
        hours=record.hours,
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        created_at=now,
        recorded_by_id=by_user_id,
        import_run_id=import_run_id,
    )


def _key(record: TrainingRecord) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in UNIQUE)


def _registered_names(records: Sequence[NewRecord]) -> dict[str, set[str]]:
    """Maps the index of the number of each registered person to the names that this person has or had."""
    indexes = {record.id_number_index for record in records}
    people = Person.objects.filter(id_number_index__in=indexes, registered_at__isnull=False)
    found = people.values_list("id_number_index", "name", "alias_names")
    return {index: {name, *aliases} for index, name, aliases in found}


def see(record: TrainingRecord) -> Cure:
    return Cure("查看这条记录", url_name="training:record", kwargs={"pk": record.pk})


MISNAMED = Finding(
    "training.misnamed",
    "姓名与这个身份证号的登记人不一致",
    "请核对姓名和身份证号，按身份证填写；登记有误的，由本人到登记点更正。",
)


def _already_recorded(there: TrainingRecord, record: NewRecord) -> Finding:
    """A record that was uploaded before the institution was registered here is the province's to correct."""
    title = "这门课程的记录已存在"
    words = "同一人、同一机构、同一课程和日期只能有一条；内容有误的，请更正已有的记录。"
    if there.institution_id != record.institution_id:
        return Finding("training.known", title, f"{words}已有的记录由省厅登记台账人员更正。", turn="省厅登记台账人员")
    return Finding("training.known", title, words, cure=see(there))


def _tell(indexes: Iterable[str]) -> None:
    people = set(indexes)
    if people:
        training_changed.send(sender=TrainingRecord, id_number_indexes=people)
