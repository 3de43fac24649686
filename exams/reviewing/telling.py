"""Tells persons and enterprises what became of their entries at the review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from administration.messages.services import OutgoingMessage, send
from common.dates import chinese_date
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.sign_up.naming import ENTRIES, names_of
from exams.sign_up.services import LINK

EVENT = "exam_entry"
APPROVED = "请关注考试机构发布的考试信息，按时参加考试；无故缺考的，规定期限内不能再报名。"


def tell_reviewed(entry_ids: Collection[int]) -> None:
    """Each person reads of the own entry, and each enterprise one summary of all."""
    rows = ExamEntry.objects.filter(pk__in=entry_ids).select_related("person", "enterprise", "batch")
    posts: list[OutgoingMessage] = []
    of_enterprise: dict[int, list[ExamEntry]] = defaultdict(list)
    for entry in rows.order_by("pk"):
        title = f"报名{entry.get_state_display()}：{entry.person.name}，{entry.batch.name}"[:200]
        link = f"/person/exams/{entry.pk}/resubmit/" if entry.state == EntryState.RETURNED else LINK
        posts.append(OutgoingMessage(entry.person.mailbox_id, title, _text(entry), link, event=EVENT))
        of_enterprise[entry.enterprise_id].append(entry)
    posts += [_summary(entries) for entries in of_enterprise.values()]
    send(posts)


def _text(entry: ExamEntry) -> str:
    if entry.state == EntryState.RETURNED and entry.resubmit_by is not None:
        until = chinese_date(entry.resubmit_by)
        return f"{entry.comment}。名额为您保留，请在{until}（含）前补正并重新提交；到期没有提交的，报名自动终止。"
    return entry.comment or APPROVED


def _summary(entries: Sequence[ExamEntry]) -> OutgoingMessage:
    """All entries of one call have the same state and comment."""
    first = entries[0]
    if len(entries) == 1:
        title = f"报名{first.get_state_display()}：{first.person.name}，{first.batch.name}"[:200]
        is_returned = first.state == EntryState.RETURNED
        link = f"{ENTRIES}{first.pk}/resubmit/" if is_returned else ENTRIES
        return OutgoingMessage(first.enterprise.mailbox_id, title, _text(first), link, event=EVENT)
    title = f"{len(entries)} 人的报名{first.get_state_display()}"
    text = f"{names_of(entries)}：{_text(first)}"
    return OutgoingMessage(first.enterprise.mailbox_id, title, text, ENTRIES, event=EVENT)
