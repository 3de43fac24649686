"""Writes proofs of absences, and what is decided on them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from administration.parameters.book import ParameterBook
from common.files.uploads import CheckedUpload, keep_upload
from common.findings import Finding, Refused
from common.text.said import said, too_long
from exams.enums import EntryState, ExcuseState
from exams.models import ExamEntry, Excuse
from exams.permissions import why_not_record
from exams.results.correcting import correct_result
from exams.results.selectors import entries_with_excuse
from exams.results.services import Result, locked_entries, record_results
from exams.results.telling import EVENT
from exams.sign_up.naming import ENTRIES
from exams.sign_up.services import LINK
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .rules import why_not_file

MOST = 300
ACCEPTED = "缺考证明已采纳："
MOST_COMMENT = MOST - len(ACCEPTED)
"""The history of the result says both."""
REMARK = "缺考证明已审核，有正当理由"
"""Person and enterprise read this; the cause itself, which may be an illness, stays with the excuse."""


@transaction.atomic
def file_excuse(
    *, entry_id: int, reason: str, upload: CheckedUpload, actor: Actor, now: datetime | None = None
) -> Excuse:
    """Raises Refused with the reason why it is too late, too early, not needed or not the actor's."""
    now, reason = now or utc_now(), said(reason)
    entry = _locked(entry_id)
    days = ParameterBook.load().integer("exam_excuse_days", entry.batch.exam_to)
    is_waiting = bool(entries_with_excuse([entry.pk]))
    findings = why_not_file(actor, entry, today=localdate(now), days=days, is_waiting=is_waiting)
    if not reason:
        findings.append(Finding("excuse.no_reason", "请写明为什么没有参加考试"))
    findings += too_long(reason, MOST, "缺考原因")
    if findings:
        raise Refused(*findings)
    if actor.user_id is None:
        raise ValueError("the proof of an absence is handed in by somebody")
    excuse = Excuse(entry=entry, reason=reason, filed_as=actor.party, filed_by_id=actor.user_id, filed_at=now)
    keep_upload(excuse, upload)
    _audit("exam_excuse.file", excuse, actor)
    _tell_organiser(excuse)
    return excuse


def _locked(entry_id: int) -> ExamEntry:
    entries = locked_entries([entry_id])
    if entry_id not in entries:
        raise Refused(Finding("exam.unknown", "没有这条报名"))
    return entries[entry_id]


def _tell_organiser(excuse: Excuse) -> None:
    organiser = excuse.entry.batch.organiser
    if organiser is not None:
        title = f"缺考证明待审核：{excuse.entry.person.name}，{excuse.entry.batch.name}"
        send(
            [
                OutgoingMessage(
                    organiser.mailbox_id, title, "", f"/office/exams/excuses/{excuse.pk}/", event="office_work"
                )
            ]
        )


@transaction.atomic
def decide_excuse(*, excuse_id: int, is_accepted: bool, comment: str, by: Actor, now: datetime | None = None) -> Excuse:
    """An accepted excuse makes the absence one with cause, and lifts the bar. Raises Refused with all reasons."""
    now, comment = now or utc_now(), said(comment)
    entry = _locked(Excuse.objects.values_list("entry_id", flat=True).get(pk=excuse_id))
    excuse = Excuse.objects.select_for_update(no_key=True).get(pk=excuse_id)
    excuse.entry = entry
    findings = _why_not_decide(excuse, by, now, is_accepted) + too_long(comment, MOST_COMMENT, "审核意见")
    if not comment:
        findings.append(Finding("excuse.no_comment", "请写明审核的理由", "本人和企业会看到。", turn="考试机构"))
    if findings:
        raise Refused(*findings)
    excuse.state = ExcuseState.ACCEPTED if is_accepted else ExcuseState.REFUSED
    excuse.decided_at, excuse.decided_by_id, excuse.comment = now, by.user_id, comment
    excuse.save(update_fields=["state", "decided_at", "decided_by", "comment"])
    _audit("exam_excuse.decide", excuse, by)
    if is_accepted:
        _excuse(entry, comment, by, now)
    _tell_decided(excuse)
    return excuse


def _why_not_decide(excuse: Excuse, by: Actor, now: datetime, is_accepted: bool) -> list[Finding]:
    entry = excuse.entry
    if sentence := why_not_record(by, entry.batch, today=localdate(now)):
        return [Finding("exam.not_now", sentence)]
    if by.own_person_id is not None and by.own_person_id == entry.person_id:
        return [Finding("exam.own", "不能审核自己的缺考证明", "请由另一名工作人员审核。", turn="另一名工作人员")]
    if excuse.state != ExcuseState.WAITING:
        return [Finding("excuse.decided", f"这份证明已经审核：{excuse.get_state_display()}", "请刷新页面再看。")]
    if is_accepted and entry.state not in (EntryState.APPROVED, EntryState.ABSENT):
        detail = f"登记的结果是“{entry.get_state_display()}”。结果有误的，请先更正；无误的，请选择不采纳。"
        return [Finding("excuse.not_absent", "本人没有缺考", detail, turn="考试机构")]
    return []


def _excuse(entry: ExamEntry, comment: str, by: Actor, now: datetime) -> None:
    result = Result(entry.pk, EntryState.EXCUSED, remark=REMARK)
    if entry.state == EntryState.ABSENT:
        correct_result(result=result, reason=f"{ACCEPTED}{comment}", by=by, now=now)
    elif refused := record_results([result], by=by, now=now).refused.get(entry.pk):
        raise Refused(*refused)


def _tell_decided(excuse: Excuse) -> None:
    entry = excuse.entry
    title = f"缺考证明{excuse.get_state_display()}：{entry.person.name}，{entry.batch.name}"
    then = "登记为因故缺考，不影响以后报名。" if excuse.state == ExcuseState.ACCEPTED else "登记的结果不变。"
    text = f"{then}理由：{excuse.comment}"
    send(
        [
            OutgoingMessage(entry.person.mailbox_id, title, text, LINK, event=EVENT),
            OutgoingMessage(entry.enterprise.mailbox_id, title, text, ENTRIES, event=EVENT),
        ]
    )


def _audit(action: str, excuse: Excuse, actor: Actor) -> None:
    detail: dict[str, object] = {"entry": excuse.entry_id, "state": excuse.state}
    record_audits(action, [(Excuse._meta.label_lower, excuse.pk, detail)], by=author_of(actor))
