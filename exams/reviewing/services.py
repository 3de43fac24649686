"""Writes the municipal office's review of one or many entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from common.database.set_updates import update_rows
from common.findings import Finding, blocking
from common.text.said import said, too_long
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.permissions import readable, why_not_approve, why_not_review
from exams.sign_up.eligibility import of_entries
from exams.sign_up.locking import lock_entries
from exams.sign_up.places import free_places
from exams.sign_up.services import LINK
from workflow.actors import Actor
from workflow.services.auditing import author_of

MAX_COMMENT = 300
UNKNOWN = Finding("exam.unknown", "没有这条报名，或者它不由本部门审核", "请返回列表，刷新后重新勾选。", turn="审核人")


@dataclass
class Reviewed:
    done: list[int] = field(default_factory=list)
    refused: dict[int, list[Finding]] = field(default_factory=dict)


def approve_entries(entry_ids: Iterable[int], *, actor: Actor, now: datetime | None = None) -> Reviewed:
    """Checks the conditions of sign-up again, because an employer may have changed or a bar begun. From the first exam
    day on nobody is admitted.
    """
    return _review(entry_ids, EntryState.APPROVED, "", actor, now or utc_now())


def refuse_entries(entry_ids: Iterable[int], *, comment: str, actor: Actor, now: datetime | None = None) -> Reviewed:
    """Frees the place; the person may be entered anew while sign-up is open."""
    comment, entry_ids = said(comment), list(entry_ids)
    if long := too_long(comment, MAX_COMMENT, "审核意见"):
        return Reviewed(refused=dict.fromkeys(entry_ids, long))
    if not comment:
        reason = Finding("exam.no_reason", "请写明不通过的原因", "企业和本人会看到，一次说全。", turn="审核人")
        return Reviewed(refused={pk: [reason] for pk in entry_ids})
    return _review(entry_ids, EntryState.REFUSED, comment, actor, now or utc_now())


@transaction.atomic
def _review(entry_ids: Iterable[int], state: EntryState, comment: str, actor: Actor, now: datetime) -> Reviewed:
    result = Reviewed()
    entries = _locked(list(dict.fromkeys(entry_ids)), result, actor)
    allowed = []
    for entry in entries:
        sentence = why_not_review(actor, entry)
        if sentence is None and state == EntryState.APPROVED:
            sentence = why_not_approve(entry, today=localdate(now))
        if sentence:
            result.refused[entry.pk] = [Finding("exam.not_now", sentence)]
        else:
            allowed.append(entry)
    if state == EntryState.APPROVED:
        allowed = _eligible(allowed, result, now)
    for entry in allowed:
        entry.state, entry.comment = state, comment
        entry.reviewed_at, entry.reviewed_by_id = now, actor.user_id
    update_rows(allowed, ["state", "comment", "reviewed_at", "reviewed_by"])
    if state == EntryState.REFUSED:
        free_places(allowed)
    _tell(allowed)
    action = "exam_entry.approve" if state == EntryState.APPROVED else "exam_entry.refuse"
    about: list[tuple[str, object, dict[str, object]]] = [
        (ExamEntry._meta.label_lower, entry.pk, {"batch": entry.batch_id}) for entry in allowed
    ]
    record_audits(action, about, by=author_of(actor))
    result.done = [entry.pk for entry in allowed]
    return result


def _locked(ids: Sequence[int], result: Reviewed, actor: Actor) -> list[ExamEntry]:
    """An entry that the actor may not read is reported like a missing one."""
    entries = lock_entries(ExamEntry.objects.filter(readable(actor), pk__in=ids))
    for pk in set(ids) - {entry.pk for entry in entries}:
        result.refused[pk] = [UNKNOWN]
    return entries


def _eligible(entries: Sequence[ExamEntry], result: Reviewed, now: datetime) -> list[ExamEntry]:
    found = of_entries(entries, on=localdate(now))
    passed = []
    for entry in entries:
        stops = blocking(found[entry.pk])
        if stops:
            result.refused[entry.pk] = stops
        else:
            passed.append(entry)
    return passed


def _tell(entries: Sequence[ExamEntry]) -> None:
    rows = ExamEntry.objects.filter(pk__in=[entry.pk for entry in entries])
    posts = []
    for entry in rows.select_related("person", "enterprise", "batch").order_by("pk"):
        title = f"报名{entry.get_state_display()}：{entry.person.name}，{entry.batch.name}"[:200]
        text = entry.comment or "请关注考试机构发布的考试信息，按时参加考试；无故缺考的，规定期限内不能再报名。"
        posts.append(OutgoingMessage(entry.person.mailbox_id, title, text, LINK, event="exam_entry"))
        posts.append(
            OutgoingMessage(entry.enterprise.mailbox_id, title, text, "/enterprise/exams/entries/", event="exam_entry")
        )
    send(posts)
