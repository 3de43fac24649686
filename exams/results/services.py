"""Writes results, recorded or corrected, for the form and the import alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.imports.plan import Trace
from administration.messages.services import OutgoingMessage, send
from administration.parameters.book import ParameterBook
from common.database.set_updates import update_rows
from common.findings import Finding
from common.jobs import enqueue_in_groups
from exams.enums import ADMITTED, MARKED, RESULTS, EntryState
from exams.models import ExamEntry
from exams.permissions import why_not_record
from exams.selectors import being_issued
from exams.sign_up.locking import lock_entries
from exams.sign_up.services import LINK
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .bars import PARAMETERS, bar, lift

JOB_SIZE = 100
RECORDED = [
    "state", "knowledge_score", "ability_score", "remark", "ticket_number", "settled_at", "settled_by", "import_run",
]  # fmt: skip


def stored(entry: ExamEntry) -> dict[str, object]:
    """Answers what a result has written, by the names of the attributes."""
    return {one.attname: getattr(entry, one.attname) for one in ExamEntry._meta.fields if one.name in RECORDED}


@dataclass(frozen=True)
class Result:
    """A blank number or remark leaves the stored one."""

    entry_id: int
    state: EntryState
    knowledge_score: Decimal | None = None
    ability_score: Decimal | None = None
    remark: str = ""
    ticket_number: str = ""

    def says(self, entry: ExamEntry) -> bool:
        """Answers whether the result is recorded already."""
        return (entry.state, entry.knowledge_score, entry.ability_score, entry.remark) == (
            self.state,
            self.knowledge_score,
            self.ability_score,
            self.remark,
        ) and self.ticket_number in ("", entry.ticket_number)


@dataclass
class Recorded:
    """`changed` lists the entries that had another result before; `traces` has what is stored of those done."""

    done: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    refused: dict[int, list[Finding]] = field(default_factory=dict)
    traces: dict[int, Trace] = field(default_factory=dict)


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
    now: datetime | None = None,
) -> Recorded:
    """`found_on` is the day on which cheating was found. Recording the same result twice changes nothing.

    A job opens the first issues of those who passed.
    """
    now = now or utc_now()
    with transaction.atomic():
        return _record(results, by, found_on or localdate(now), import_run_id, now)


def _record(results: Sequence[Result], by: Actor, found_on: date, import_run_id: int | None, now: datetime) -> Recorded:
    wanted = {result.entry_id: result for result in results}
    entries = locked_entries(list(wanted))
    answer = Recorded(refused={pk: [Finding("exam.unknown", "没有这条报名")] for pk in set(wanted) - set(entries)})
    busy = being_issued(entries.values())
    allowed = []
    for pk, entry in entries.items():
        if wanted[pk].says(entry):
            answer.known.append(pk)
        elif stop := why_not_change(entry, by, pk in busy, localdate(now)) or _admitted_late(entry, wanted[pk]):
            answer.refused[pk] = [stop]
        else:
            allowed.append(entry)
    answer.changed = [entry.pk for entry in allowed if entry.state in RESULTS]
    lift([entry.pk for entry in allowed if entry.state in PARAMETERS], now=now)
    former = {entry.pk: entry.state for entry in allowed}
    for entry in allowed:
        before = stored(entry)
        _take(entry, wanted[entry.pk], by, import_run_id, now)
        answer.traces[entry.pk] = Trace(before, stored(entry))
    update_rows(allowed, RECORDED)
    bar(allowed, found_on=found_on, parameters=ParameterBook.load())
    _audit(allowed, former, by, import_run_id)
    _tell(allowed)
    _issue_later([entry.pk for entry in allowed if entry.state == EntryState.PASSED])
    answer.done = [entry.pk for entry in allowed]
    return answer


def _audit(entries: Sequence[ExamEntry], former: Mapping[int, str], by: Actor, import_run_id: int | None) -> None:
    told: list[tuple[str, object, dict[str, object]]] = [
        (
            ExamEntry._meta.label_lower,
            entry.pk,
            {"batch": entry.batch_id, "former": former[entry.pk], "result": entry.state, "import_run": import_run_id},
        )
        for entry in entries
    ]
    record_audits("exam_entry.result", told, by=author_of(by))


def locked_entries(ids: Sequence[int]) -> dict[int, ExamEntry]:
    """Locks persons, then batches, then entries, each by id. It runs in the caller's transaction."""
    return {entry.pk: entry for entry in lock_entries(ExamEntry.objects.filter(pk__in=ids))}


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


def _admitted_late(entry: ExamEntry, result: Result) -> Finding | None:
    """An absence bars, and only somebody who was admitted before the exam can have been absent."""
    if result.state != EntryState.ABSENT or entry.reviewed_at is None:
        return None
    if localdate(entry.reviewed_at) < entry.batch.exam_from:
        return None
    detail = "报名在考试开始以后才审核通过，本人不可能按时参加。请登记“因故缺考”，写明报名审核过迟。"
    return Finding("exam.admitted_late", "不能登记无故缺考", detail, turn="考试机构")


def _take(entry: ExamEntry, result: Result, by: Actor, import_run_id: int | None, now: datetime) -> None:
    entry.state = result.state
    entry.knowledge_score = result.knowledge_score if result.state in MARKED else None
    entry.ability_score = result.ability_score if result.state in MARKED else None
    entry.remark = result.remark
    entry.ticket_number = result.ticket_number or entry.ticket_number
    entry.settled_at, entry.settled_by_id, entry.import_run_id = now, by.user_id, import_run_id


def _tell(entries: Sequence[ExamEntry]) -> None:
    send(
        OutgoingMessage(
            entry.person.mailbox_id,
            f"考试结果：{entry.batch.name}，{entry.category}证，{entry.get_state_display()}",
            CONSEQUENCES[EntryState(entry.state)],
            LINK,
            event="exam_result",
        )
        for entry in entries
    )


CONSEQUENCES = {
    EntryState.PASSED: "系统已自动提交首次发证申请，由省厅审核后签发电子证书。",
    EntryState.FAILED: "可以由受聘企业报名参加以后的考试。",
    EntryState.ABSENT: "报名审核通过后无故缺考，规定期限内不能再报名。确有正当理由的，请向考试机构提供证明，更正后限制解除。",
    EntryState.EXCUSED: "因故缺考不影响以后报名。",
    EntryState.CHEATED: "考试作弊经查实，规定期限内不能再报名。对决定不服的，可以依法申请行政复议或者提起行政诉讼。",
}


def _issue_later(entry_ids: list[int]) -> None:
    enqueue_in_groups("exams.issue_passed", "entry_ids", entry_ids, size=JOB_SIZE)
