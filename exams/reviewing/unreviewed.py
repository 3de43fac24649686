"""Ends entries that nobody has reviewed before the exam: they are no absence, and the place is free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from common.database.set_updates import update_rows
from common.dates import chinese_date
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.sign_up.locking import lock_entries
from exams.sign_up.places import free_places
from exams.sign_up.services import LINK
from workflow.actors import SYSTEM
from workflow.services.auditing import author_of

CHUNK = 100
WORDS = "考试开始前没有完成审核，报名自动终止，名额已退回。不算缺考，不影响以后报名。"


def _unreviewed(today: object) -> QuerySet[ExamEntry]:
    return ExamEntry.objects.filter(state=EntryState.ENTERED, batch__exam_from__lte=today)


def end_unreviewed(*, now: datetime | None = None) -> int:
    """Works in chunks, of which a finished one stays done. Answers how many entries have ended."""
    now, ended = now or utc_now(), 0
    while ids := list(_unreviewed(localdate(now)).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        ended += _end(ids)
    return ended


@transaction.atomic
def _end(ids: Sequence[int]) -> int:
    entries = [
        entry
        for entry in lock_entries(ExamEntry.objects.filter(pk__in=ids))
        # Somebody may have withdrawn it meanwhile; a review is not possible any more.
        if entry.state == EntryState.ENTERED
    ]
    for entry in entries:
        entry.state, entry.comment = EntryState.WITHDRAWN, WORDS
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
        title = f"报名未及审核：{entry.batch.name}"
        posts.append(
            OutgoingMessage(entry.person.mailbox_id, title, f"{entry.category}证：{WORDS}", LINK, event="exam_entry")
        )
        of_enterprise[entry.enterprise_id].append(entry)
        of_office[entry.office_id].append(entry)
    for entries in of_enterprise.values():
        box, text = entries[0].enterprise.mailbox_id, f"{_names(entries)}：{WORDS}可以为他们报名以后的批次。"
        posts.append(
            OutgoingMessage(
                box, f"{len(entries)} 人的报名未及审核", text, "/enterprise/exams/entries/", event="exam_entry"
            )
        )
    for entries in of_office.values():
        text = f"{_names(entries)}：考试已于{chinese_date(entries[0].batch.exam_from)}开始，报名没有审核，已自动终止。"
        posts.append(
            OutgoingMessage(
                entries[0].office.mailbox_id,
                f"{len(entries)} 条报名未及审核",
                text,
                "/office/exams/",
                event="office_work",
            )
        )
    send(posts)


NAMED = 20


def _names(entries: Sequence[ExamEntry]) -> str:
    more = f"等{len(entries)}人" if len(entries) > NAMED else ""
    return "、".join(f"{one.person.name}（{one.category}证，{one.batch.name}）" for one in entries[:NAMED]) + more
