"""Writes that a returned entry is handed in again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from common.findings import Finding, Refused, blocking
from common.text.said import said, too_long
from exams.enums import EntryState, ReviewAct
from exams.models import EntryReview, ExamEntry
from exams.permissions import why_not_resubmit
from exams.sign_up.eligibility import of_entries
from exams.sign_up.locking import lock_entries
from workflow.actors import Actor
from workflow.services.auditing import author_of

MAX_NOTE = 300


@transaction.atomic
def resubmit_entry(entry_id: int, *, note: str = "", actor: Actor, now: datetime | None = None) -> ExamEntry:
    """The entry keeps its place in the queue of the office. Raises Refused with every condition that is not met."""
    now, note = now or utc_now(), said(note)
    if long := too_long(note, MAX_NOTE, "补正说明"):
        raise Refused(*long)
    (entry,) = lock_entries(ExamEntry.objects.filter(pk=entry_id))
    if sentence := why_not_resubmit(actor, entry, today=localdate(now)):
        raise Refused(Finding("exam.not_now", sentence))
    if stops := blocking(of_entries([entry], on=localdate(now))[entry.pk]):
        raise Refused(*stops)
    entry.state, entry.comment, entry.resubmit_by, entry.resubmitted_at = EntryState.ENTERED, "", None, now
    entry.save(update_fields=["state", "comment", "resubmit_by", "resubmitted_at"])
    EntryReview.objects.create(
        entry=entry,
        act=ReviewAct.RESUBMITTED,
        comment=note,
        at=now,
        by_id=actor.user_id,
        acting_for=actor.acting_for,
    )
    detail: dict[str, object] = {"batch": entry.batch_id, "acting_for": actor.acting_for}
    record_audits("exam_entry.resubmit", [(ExamEntry._meta.label_lower, entry.pk, detail)], by=author_of(actor))
    return entry
