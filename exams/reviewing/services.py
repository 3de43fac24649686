"""Writes the municipal office's review of one or many entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.parameters.book import ParameterBook
from common.database.set_updates import update_rows
from common.dates import chinese_date
from common.findings import Finding, blocking
from common.text.said import said, too_long
from exams.enums import EntryState, ReturnReason, ReviewAct
from exams.models import EntryReview, ExamEntry
from exams.permissions import readable, why_not_approve, why_not_review
from exams.sign_up.eligibility import of_entries
from exams.sign_up.locking import lock_entries
from exams.sign_up.places import free_places
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .deadlines import resubmit_until
from .reasons import words_of
from .selectors import last_reviews
from .telling import tell_reviewed

MAX_COMMENT = 300
MAX_RETURN = 120
"""Together with all reasons it still fits into the entry's comment."""
UNKNOWN = Finding("exam.unknown", "没有这条报名，或者它不由本部门审核", "请返回列表，刷新后重新勾选。", turn="审核人")
STATES = {
    ReviewAct.APPROVED: EntryState.APPROVED,
    ReviewAct.RETURNED: EntryState.RETURNED,
    ReviewAct.REFUSED: EntryState.REFUSED,
}
ACTIONS = {
    ReviewAct.APPROVED: "exam_entry.approve",
    ReviewAct.RETURNED: "exam_entry.return",
    ReviewAct.REFUSED: "exam_entry.refuse",
}
Seen = Mapping[int, int]


@dataclass
class Reviewed:
    done: list[int] = field(default_factory=list)
    refused: dict[int, list[Finding]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Order:
    """`seen` maps an entry to its last record when the page was made, 0 for none; entries not in it are not compared."""

    act: ReviewAct
    actor: Actor
    now: datetime
    comment: str = ""
    reasons: tuple[str, ...] = ()
    seen: Seen = field(default_factory=dict)

    @property
    def today(self) -> date:
        return localdate(self.now)


def approve_entries(
    entry_ids: Iterable[int], *, actor: Actor, seen: Seen | None = None, now: datetime | None = None
) -> Reviewed:
    """Checks the conditions of sign-up again, because an employer may have changed or a bar begun. From the first exam
    day on nobody is admitted.
    """
    return _review(entry_ids, _Order(ReviewAct.APPROVED, actor, now or utc_now(), seen=seen or {}))


def refuse_entries(
    entry_ids: Iterable[int], *, comment: str, actor: Actor, seen: Seen | None = None, now: datetime | None = None
) -> Reviewed:
    """Frees the place; the person may be entered anew while sign-up is open."""
    comment, entry_ids = said(comment), list(entry_ids)
    if long := too_long(comment, MAX_COMMENT, "审核意见"):
        return Reviewed(refused=dict.fromkeys(entry_ids, long))
    if not comment:
        reason = Finding("exam.no_reason", "请写明不通过的原因", "企业和本人会看到，一次说全。", turn="审核人")
        return Reviewed(refused={pk: [reason] for pk in entry_ids})
    return _review(entry_ids, _Order(ReviewAct.REFUSED, actor, now or utc_now(), comment, seen=seen or {}))


def return_entries(
    entry_ids: Iterable[int],
    *,
    reasons: Collection[str],
    comment: str = "",
    actor: Actor,
    seen: Seen | None = None,
    now: datetime | None = None,
) -> Reviewed:
    """A returned entry keeps its place until the last day on which it may be handed in again."""
    comment, entry_ids = said(comment), list(entry_ids)
    known = tuple(str(one) for one in ReturnReason if one in reasons)
    stops = too_long(comment, MAX_RETURN, "补充说明")
    if not known:
        stops.append(Finding("exam.no_reason", "请勾选退回的原因", "企业和本人会看到，一次说全。", turn="审核人"))
    if ReturnReason.OTHER in known and not comment:
        stops.append(Finding("exam.no_words", "勾选了“其他”，请写明要补正什么", turn="审核人"))
    if stops:
        return Reviewed(refused=dict.fromkeys(entry_ids, stops))
    return _review(entry_ids, _Order(ReviewAct.RETURNED, actor, now or utc_now(), comment, known, seen or {}))


@transaction.atomic
def _review(entry_ids: Iterable[int], order: _Order) -> Reviewed:
    result = Reviewed()
    parameters = ParameterBook.load()
    entries = _locked(list(dict.fromkeys(entry_ids)), result, order.actor)
    latest = last_reviews([entry.pk for entry in entries])
    allowed = []
    for entry in entries:
        stop = _why_not(entry, latest.get(entry.pk), order, parameters)
        if stop is not None:
            result.refused[entry.pk] = [stop]
        else:
            allowed.append(entry)
    if order.act == ReviewAct.APPROVED:
        allowed = _eligible(allowed, result, order.today)
    _write(allowed, order, parameters)
    result.done = [entry.pk for entry in allowed]
    return result


def _write(entries: Sequence[ExamEntry], order: _Order, parameters: ParameterBook) -> None:
    act, actor = order.act, order.actor
    comment = words_of(order.reasons, order.comment) if act == ReviewAct.RETURNED else order.comment
    for entry in entries:
        entry.state, entry.comment = STATES[act], comment
        entry.reviewed_at, entry.reviewed_by_id = order.now, actor.user_id
        is_returned = act == ReviewAct.RETURNED
        entry.resubmit_by = resubmit_until(entry.batch, parameters, order.today) if is_returned else None
        # The message is written in the same transaction; an absence may only be recorded after it.
        is_told = act == ReviewAct.APPROVED and entry.person.mailbox_id is not None
        entry.notified_at = order.now if is_told else None
    update_rows(entries, ["state", "comment", "reviewed_at", "reviewed_by", "resubmit_by", "notified_at"])
    if act == ReviewAct.REFUSED:
        free_places(entries)
    EntryReview.objects.bulk_create(
        EntryReview(
            entry=entry,
            act=act,
            reasons=list(order.reasons),
            comment=order.comment,
            at=order.now,
            by_id=actor.user_id,
            acting_for=actor.acting_for,
        )
        for entry in entries
    )
    tell_reviewed([entry.pk for entry in entries])
    about: list[tuple[str, object, dict[str, object]]] = [
        (ExamEntry._meta.label_lower, entry.pk, {"batch": entry.batch_id}) for entry in entries
    ]
    record_audits(ACTIONS[act], about, by=author_of(actor))


def _why_not(entry: ExamEntry, last: EntryReview | None, order: _Order, parameters: ParameterBook) -> Finding | None:
    sentence = why_not_review(order.actor, entry)
    is_outdated = entry.pk in order.seen and order.seen[entry.pk] != (last.pk if last else 0)
    is_changed = is_outdated or entry.state != EntryState.ENTERED
    if last is not None and is_changed and last.by_id != order.actor.user_id:
        return told_meanwhile(last)
    if sentence is None and is_outdated:
        return Finding("exam.changed", "这条报名在您打开页面后有变化，请看过现在的内容再办理", turn="审核人")
    if sentence is None and order.act == ReviewAct.APPROVED:
        sentence = why_not_approve(entry, today=order.today)
    if sentence is None and order.act == ReviewAct.RETURNED:
        sentence = _why_not_return(entry, order.today, parameters)
    return Finding("exam.not_now", sentence) if sentence else None


def told_meanwhile(last: EntryReview) -> Finding:
    """Names who was faster."""
    who = " ".join(filter(None, (last.acting_for, last.by.name if last.by else "")))
    words = f"这条报名刚刚由{who}处理（{last.get_act_display()}），您的操作没有生效"
    return Finding("exam.conflict", words, "请看过现在的内容再办理。", turn="审核人")


def _why_not_return(entry: ExamEntry, today: date, parameters: ParameterBook) -> str | None:
    """Whoever is asked to mend something gets at least a whole day for it."""
    until = resubmit_until(entry.batch, parameters, today)
    if today < until:
        return None
    return f"补正最迟到{chinese_date(until)}，已经来不及退回补正。请审核通过，或者写明原因后不通过。"


def _locked(ids: Sequence[int], result: Reviewed, actor: Actor) -> list[ExamEntry]:
    """An entry that the actor may not read is reported like a missing one."""
    entries = lock_entries(ExamEntry.objects.filter(readable(actor), pk__in=ids))
    for pk in set(ids) - {entry.pk for entry in entries}:
        result.refused[pk] = [UNKNOWN]
    return entries


def _eligible(entries: Sequence[ExamEntry], result: Reviewed, today: date) -> list[ExamEntry]:
    found = of_entries(entries, on=today)
    passed = []
    for entry in entries:
        stops = blocking(found[entry.pk])
        if stops:
            result.refused[entry.pk] = stops
        else:
            passed.append(entry)
    return passed
