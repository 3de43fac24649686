"""Ends entries that were not admitted in time: nobody has reviewed them before the exam, or a returned one was not handed
in again. They are no absence, and the place is free.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from common.database.set_updates import update_rows
from exams.enums import UNREVIEWED, EntryState
from exams.models import ExamEntry
from exams.sign_up.locking import lock_entries
from exams.sign_up.naming import ENTRIES, names_of
from exams.sign_up.places import free_places
from exams.sign_up.services import LINK
from workflow.actors import SYSTEM
from workflow.services.auditing import author_of

from .telling import EVENT

CHUNK = 100
ENDED = "报名自动终止，名额已退回。不算缺考，不影响以后报名。"
WORDS = f"考试开始前没有完成审核，{ENDED}"
UNSUBMITTED = f"退回补正后到期没有重新提交，{ENDED}"


def _unreviewed(today: date) -> QuerySet[ExamEntry]:
    return ExamEntry.objects.filter(
        Q(state__in=UNREVIEWED, batch__exam_from__lte=today) | Q(state=EntryState.RETURNED, resubmit_by__lt=today)
    )


def end_unreviewed(*, now: datetime | None = None) -> int:
    """Works in chunks, of which a finished one stays done. Answers how many entries have ended."""
    today, ended = localdate(now or utc_now()), 0
    while ids := list(_unreviewed(today).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        ended += _end(ids, today)
    return ended


def _is_over(entry: ExamEntry, today: date) -> bool:
    """Somebody may have withdrawn it meanwhile, or handed it in again."""
    if entry.state == EntryState.RETURNED and entry.resubmit_by is not None and entry.resubmit_by < today:
        return True
    return entry.state in UNREVIEWED and entry.batch.exam_from <= today


@transaction.atomic
def _end(ids: Sequence[int], today: date) -> int:
    entries = [entry for entry in lock_entries(ExamEntry.objects.filter(pk__in=ids)) if _is_over(entry, today)]
    for entry in entries:
        entry.comment = UNSUBMITTED if entry.state == EntryState.RETURNED else WORDS
        entry.state = EntryState.WITHDRAWN
    update_rows(entries, ["state", "comment"])
    free_places(entries)
    about: list[tuple[str, object, dict[str, object]]] = [
        (ExamEntry._meta.label_lower, entry.pk, {"batch": entry.batch_id}) for entry in entries
    ]
    record_audits("exam_entry.unreviewed", about, by=author_of(SYSTEM))
    _tell([entry.pk for entry in entries])
    return len(entries)


def _tell(ids: Sequence[int]) -> None:
    """Each person hears of the own entry, and each enterprise and office once of all."""
    rows = ExamEntry.objects.filter(pk__in=ids).select_related("person", "enterprise", "batch", "office")
    posts: list[OutgoingMessage] = []
    of_enterprise: dict[int, list[ExamEntry]] = defaultdict(list)
    of_office: dict[int, list[ExamEntry]] = defaultdict(list)
    for entry in rows.order_by("pk"):
        posts.append(
            OutgoingMessage(
                entry.person.mailbox_id,
                f"报名已终止：{entry.batch.name}"[:200],
                f"{entry.category}证：{entry.comment}",
                LINK,
                event=EVENT,
            )
        )
        of_enterprise[entry.enterprise_id].append(entry)
        of_office[entry.office_id].append(entry)
    for entries in of_enterprise.values():
        box, text = entries[0].enterprise.mailbox_id, f"{_told(entries)}可以为他们报名以后的批次。"
        posts.append(OutgoingMessage(box, f"{len(entries)} 人的报名已终止", text, ENTRIES, event=EVENT))
    for entries in of_office.values():
        box, text = entries[0].office.mailbox_id, _told(entries)
        posts.append(OutgoingMessage(box, f"{len(entries)} 条报名已终止", text, "/office/exams/", event="office_work"))
    send(posts)


def _told(entries: Sequence[ExamEntry]) -> str:
    """Names the entries under the reason why they ended."""
    reasons = dict.fromkeys(entry.comment for entry in entries)
    return "".join(f"{names_of([one for one in entries if one.comment == why])}：{why}" for why in reasons)
