"""Writes results, recorded or corrected, for the form and the import alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import Person
from administration.audit.services import record_audits
from administration.imports.plan import Trace
from administration.offices.locks import share_routing
from administration.parameters.book import ParameterBook
from common.database.set_updates import update_rows
from common.findings import Cure, Finding
from common.jobs import enqueue_in_groups
from common.text.said import too_long
from exams.enums import ADMITTED, MARKED, RESULTS, EntryState
from exams.models import ExamBatch, ExamEntry
from exams.permissions import why_not_record
from exams.selectors import being_issued, open_issues_of
from exams.sign_up.locking import lock_with_batches
from workflow.actors import Actor
from workflow.models import Bar
from workflow.services.auditing import author_of
from workflow.services.locking import lock_applications_as_they_are, lock_rows

from .bars import PARAMETERS, bar, lift
from .ending import end_issues
from .history import Changed, Standing, keep_changes
from .selectors import entries_with_excuse
from .summaries import Told, tell_enterprises, told
from .telling import tell_people

JOB_SIZE = 100
OF_PERSONS = ("name", "mailbox")
MAX_REASON = 300
RECORDED = [
    "state", "knowledge_score", "ability_score", "remark", "ticket_number", "settled_at", "settled_by", "import_run",
]  # fmt: skip


def stored(entry: ExamEntry) -> dict[str, object]:
    """Answers what a result has written, by the names of the attributes."""
    return {one.attname: getattr(entry, one.attname) for one in ExamEntry._meta.fields if one.name in RECORDED}


@dataclass(frozen=True)
class Result:
    """A blank number or remark leaves the stored one. `reason` says why another result is corrected.

    `seen` is the `settled_mark` of the result that a clerk had before the eyes; blank where nobody looked at one.
    """

    entry_id: int
    state: EntryState
    knowledge_score: Decimal | None = None
    ability_score: Decimal | None = None
    remark: str = ""
    ticket_number: str = ""
    reason: str = ""
    seen: str = ""

    def says(self, entry: ExamEntry) -> bool:
        """Answers whether the result is recorded already."""
        return self.is_of(entry) and self.ticket_number in ("", entry.ticket_number)

    @property
    def is_pass(self) -> bool:
        return self.state == EntryState.PASSED

    def is_of(self, entry: ExamEntry) -> bool:
        """Answers whether the entry has this result, whatever its ticket number."""
        return (entry.state, entry.knowledge_score, entry.ability_score, entry.remark) == (
            self.state,
            self.knowledge_score,
            self.ability_score,
            self.remark,
        )


@dataclass
class Recorded:
    """`changed` lists the entries that had another result before; `traces` has what is stored of those done.

    `told` is what the enterprises have to hear, where the caller tells them. `ended` are those whose open first issue has
    ended.
    """

    done: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    refused: dict[int, list[Finding]] = field(default_factory=dict)
    traces: dict[int, Trace] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)


def settled_mark(entry: ExamEntry) -> str:
    """Answers another text after each time that a result is recorded."""
    return entry.settled_at.isoformat() if entry.settled_at else ""


def judge(knowledge: Decimal, ability: Decimal | None, *, pass_mark: int) -> EntryState:
    """Each part has to reach the mark; a part that was not examined is not missing."""
    return (
        EntryState.PASSED
        if min(knowledge, knowledge if ability is None else ability) >= pass_mark
        else (EntryState.FAILED)
    )


def record_results(
    results: Sequence[Result],
    *,
    by: Actor,
    found_on: date | None = None,
    import_run_id: int | None = None,
    is_part: bool = False,
    is_trial: bool = False,
    now: datetime | None = None,
) -> Recorded:
    """`found_on` is the day on which cheating was found. Recording the same result twice changes nothing.

    A job opens the first issues of those who passed; an open one ends where a correction takes the pass away.
    `is_part` says that more results follow, and that the caller tells the enterprises at the end. `is_trial` says that
    the caller undoes all of it: nothing is written that only others read.
    """
    now = now or utc_now()
    writing = _Writing(by, found_on, import_run_id, is_trial, now)
    with transaction.atomic():
        answer = _record(results, writing)
        if not is_part:
            tell_enterprises(answer.told, at=now)
    return answer


@dataclass(frozen=True)
class _Writing:
    by: Actor
    found_on: date | None
    import_run_id: int | None
    is_trial: bool
    now: datetime


def _record(results: Sequence[Result], writing: _Writing) -> Recorded:
    wanted = {result.entry_id: result for result in results}
    entries = locked_entries(list(wanted))
    answer = Recorded(refused={pk: [Finding("exam.unknown", "没有这条报名")] for pk in set(wanted) - set(entries)})
    open_issues = open_issues_of(entries.values())
    claimed, excuses = being_issued(entries.values()) - set(open_issues), entries_with_excuse(entries)
    allowed = []
    for pk, entry in entries.items():
        if wanted[pk].says(entry):
            answer.known.append(pk)
        elif stops := _why_not(entry, wanted[pk], writing, is_busy=pk in claimed, has_excuse=pk in excuses):
            answer.refused[pk] = stops
        else:
            allowed.append(entry)
    answer.changed = [entry.pk for entry in allowed if entry.state in RESULTS]
    changes = [Changed(entry, Standing.of(entry), wanted[entry.pk].reason) for entry in allowed]
    lost = {one.pk: open_issues[one.pk] for one in allowed if one.pk in open_issues and not wanted[one.pk].is_pass}
    end_issues(lost, writing.now)
    bars = _write(allowed, wanted, lost, answer, writing)
    if not writing.is_trial:
        answer.told = _follow_up(changes, bars, writing)
    answer.done, answer.ended = [entry.pk for entry in allowed], sorted(lost)
    return answer


def _follow_up(changes: Sequence[Changed], bars: Mapping[int, Bar], writing: _Writing) -> list[Told]:
    """Keeps history and audit, tells the people, and has first issues opened. Answers what the enterprises hear."""
    keep_changes(changes, by_user_id=writing.by.user_id, at=writing.now, import_run_id=writing.import_run_id)
    _audit(changes, writing)
    new = [one for one in changes if Standing.of(one.entry) != one.former]
    tell_people(new, bars)
    _issue_later([one.entry.pk for one in changes if one.entry.state == EntryState.PASSED])
    return told(new)


_EXCUSE_FIRST = Finding(
    "exam.excuse_waits",
    "本人提交的缺考证明还没有审核",
    "请先审核证明；采纳的登记为因故缺考，没有采纳的再登记无故缺考。",
    turn="考试机构",
    cure=Cure("审核缺考证明", url_name="exams:excuses"),
)


def _why_not(entry: ExamEntry, result: Result, writing: _Writing, *, is_busy: bool, has_excuse: bool) -> list[Finding]:
    """Answers all reasons at once."""
    stops = [
        why_not_change(entry, writing.by, is_busy, localdate(writing.now)),
        _not_told(entry, result),
        _EXCUSE_FIRST if has_excuse and result.state == EntryState.ABSENT else None,
    ]
    if result.seen and result.seen != settled_mark(entry):
        detail = f"现在登记的是“{Standing.of(entry).words}”。请核对，仍要更正的再提交一次。"
        stops.append(Finding("exam.changed_meanwhile", "您打开页面以后，这条结果又登记过", detail, turn="考试机构"))
    if entry.state in RESULTS and not (result.reason or result.is_of(entry)):
        former = Standing.of(entry).words
        detail = f"已登记的结果是“{former}”。更正会记入成绩记录，本人和企业都会看到原因。"
        stops.append(Finding("exam.no_reason", "更正成绩请写明原因", detail, turn="考试机构"))
    return [one for one in stops if one is not None] + too_long(result.reason, MAX_REASON, "更正原因")


def _write(
    allowed: Sequence[ExamEntry], wanted: Mapping[int, Result], lost: Collection[int], answer: Recorded, by: _Writing
) -> Mapping[int, Bar]:
    """Writes the results with the bars that they lift and set; answers the bars by entry.

    A finding that is only worded anew leaves its bar as it is, unless another day of it is named.
    """
    moved = [entry for entry in allowed if by.found_on is not None or wanted[entry.pk].state != entry.state]
    lift([entry.pk for entry in moved if entry.state in PARAMETERS], now=by.now)
    for entry in allowed:
        before = stored(entry)
        _take(entry, wanted[entry.pk], by)
        if entry.pk in lost:
            entry.application_id = None
        answer.traces[entry.pk] = Trace(before, stored(entry))
    update_rows(allowed, [*RECORDED, "application"])
    return bar(moved, found_on=by.found_on or localdate(by.now), parameters=ParameterBook.load())


def _audit(changes: Sequence[Changed], writing: _Writing) -> None:
    lines: list[tuple[str, object, dict[str, object]]] = [
        (
            ExamEntry._meta.label_lower,
            one.entry.pk,
            {
                "batch": one.entry.batch_id,
                "former": one.former.state,
                "result": one.entry.state,
                "reason": one.reason,
                "import_run": writing.import_run_id,
            },
        )
        for one in changes
    ]
    record_audits("exam_entry.result", lines, by=author_of(writing.by))


def locked_entries(ids: Sequence[int]) -> dict[int, ExamEntry]:
    """Locks persons, then open first issues with their enterprises, then batches and entries, each by id.

    It runs in the caller's transaction.
    """
    persons, batches = _locked_parties(ids)
    entries = lock_with_batches(batches)
    for entry in entries:
        entry.person = persons[entry.person_id]
    return {entry.pk: entry for entry in entries}


def lock_all_entries(ids: Sequence[int]) -> None:
    """Locks the same in the same order, and reads nothing of the entries."""
    _, batches = _locked_parties(ids)
    lock_rows(ExamBatch, batches.values(), only=("pk",))
    lock_rows(ExamEntry, batches, only=("pk",))


def _locked_parties(ids: Sequence[int]) -> tuple[dict[int, Person], dict[int, int]]:
    """Answers the persons, with what messages need, and the batch of each entry.

    Entries are read again under the lock of their persons: a merger of records may have moved them before.
    """
    wanted = ExamEntry.objects.filter(pk__in=ids)
    share_routing()
    first = lock_rows(Person, wanted.values_list("person_id", flat=True), only=OF_PERSONS)
    persons = {person.pk: person for person in first}
    read = list(wanted.values_list("pk", "person_id", "batch_id", "state"))
    moved = [person_id for _, person_id, _, _ in read if person_id not in persons]
    persons |= {person.pk: person for person in lock_rows(Person, moved, only=OF_PERSONS)}
    if any(state == EntryState.PASSED for *_, state in read):
        lock_applications_as_they_are(open_issues_of(wanted.filter(state=EntryState.PASSED)).values())
    return persons, {pk: batch_id for pk, _, batch_id, _ in read}


def why_not_change(entry: ExamEntry, by: Actor, is_busy: bool, today: date) -> Finding | None:
    if sentence := why_not_record(by, entry.batch, today=today):
        return Finding("exam.not_now", sentence)
    if by.own_person_id is not None and entry.person_id == by.own_person_id:
        return Finding("exam.own", "不能登记自己的成绩", "请由考核机构另一名工作人员登记。", turn="另一名工作人员")
    if entry.certificate_id is not None:
        return Finding("exam.issued", "已按这次成绩发证", "成绩有误的，由省厅依法撤销证书后处理。", turn="省厅")
    if is_busy:
        return Finding("exam.issuing", "首次发证正在审批", "请省厅先退回或不予通过，再更正成绩。", turn="省厅")
    if entry.state not in ADMITTED:
        return Finding("exam.not_admitted", f"该报名{entry.get_state_display()}，没有参加考试的资格")
    return None


def _not_told(entry: ExamEntry, result: Result) -> Finding | None:
    """An absence bars, and only somebody who was admitted before the exam, and was told so, can have been absent."""
    if result.state != EntryState.ABSENT or entry.state not in ADMITTED or entry.reviewed_at is None:
        return None
    if localdate(entry.reviewed_at) >= entry.batch.exam_from:
        detail = "报名在考试开始以后才审核通过，本人不可能按时参加。请登记“因故缺考”，写明报名审核过迟。"
        return Finding("exam.admitted_late", "不能登记无故缺考", detail, turn="考试机构")
    if entry.notified_at is None or localdate(entry.notified_at) >= entry.batch.exam_from:
        detail = "没有给本人发过准考通知，本人可能不知道要参加考试。请登记“因故缺考”，写明没有通知到本人。"
        return Finding("exam.not_notified", "不能登记无故缺考", detail, turn="考试机构")
    return None


def _take(entry: ExamEntry, result: Result, writing: _Writing) -> None:
    entry.state = result.state
    entry.knowledge_score = result.knowledge_score if result.state in MARKED else None
    entry.ability_score = result.ability_score if result.state in MARKED else None
    entry.remark = result.remark
    entry.ticket_number = result.ticket_number or entry.ticket_number
    entry.settled_at, entry.settled_by_id, entry.import_run_id = (
        writing.now,
        writing.by.user_id,
        writing.import_run_id,
    )


def _issue_later(entry_ids: list[int]) -> None:
    enqueue_in_groups("exams.issue_passed", "entry_ids", entry_ids, size=JOB_SIZE)
