"""Ends the entries of people who have left the enterprise that signed them up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.messages.services import OutgoingMessage, send
from common.database.set_updates import update_rows
from common.dates import chinese_date
from common.findings import Finding, Level
from employment.models import Employment
from employment.selectors import load_works_for
from exams.enums import PENDING, EntryState
from exams.models import ExamEntry
from exams.sign_up.naming import ENTRIES, names_of

from .locking import lock_with_batches
from .places import free_places

COUNTED = (*PENDING, EntryState.PASSED)
PAUSED = (
    "解除后发证暂停，考试成绩保留；与新单位登记聘用关系后，由本人确认在新单位名下发证。证书发放后再解除的，不受影响。"
)
LEFT = "与报名企业的聘用关系已解除，报名自动取消。"


def left_entries(entries: Iterable[ExamEntry]) -> set[int]:
    """Answers the pending entries whose person no longer works for the enterprise that signed up, in two queries."""
    rows = [entry for entry in entries if entry.state in PENDING]
    works_for = load_works_for(entry.person_id for entry in rows)
    return {entry.pk for entry in rows if not works_for(entry.person_id, entry.enterprise_id, entry.post)}


def warn_of_exams(employments: Sequence[Employment]) -> dict[int, list[Finding]]:
    """Answers the exams still to be sat for the enterprise, and those passed whose certificate is not issued yet."""
    parties = {(row.person_id, row.enterprise_id): row.pk for row in employments}
    rows = ExamEntry.objects.filter(
        person__in={person for person, _ in parties},
        enterprise__in={one for _, one in parties},
        state__in=COUNTED,
        certificate__isnull=True,
    )
    found: dict[int, list[Finding]] = {}
    for entry in rows.select_related("batch").order_by("pk"):
        pk = parties.get((entry.person_id, entry.enterprise_id))
        if pk is not None:
            found.setdefault(pk, []).append(_warning(entry))
    return found


def _warning(entry: ExamEntry) -> Finding:
    if entry.state == EntryState.PASSED:
        detail = f"{entry.batch.name}，等待首次发证。{PAUSED}"
        return Finding("exam.passed", f"{entry.category}证考试已合格，还没有发证", detail, Level.ADVISORY)
    until = chinese_date(entry.batch.sign_up_to)
    detail = f"{entry.batch.name}。{until}报名截止前解除的，报名自动取消；截止后解除的，由本人或审核部门取消。"
    return Finding("exam.entered", f"已报名{entry.category}证考试", detail, Level.ADVISORY)


def withdraw_left(person_ids: Collection[int], *, now: datetime | None = None) -> int:
    """Withdraws the entries of employments that ended before sign-up closed, and tells of those that may be withdrawn.

    The caller has locked the persons. Answers how many were withdrawn.
    """
    today = localdate(now or utc_now())
    coming = ExamEntry.objects.filter(person__in=person_ids, state__in=PENDING, batch__exam_from__gt=today)
    read = dict(coming.values_list("pk", "batch_id"))
    entries = [entry for entry in lock_with_batches(read) if entry.state in PENDING]
    left = left_entries(entries)
    gone = [entry for entry in entries if entry.pk in left]
    freed = [entry for entry in gone if today <= entry.batch.sign_up_to]
    for entry in freed:
        entry.state, entry.comment = EntryState.WITHDRAWN, LEFT
    update_rows(freed, ["state", "comment"])
    free_places(freed)
    _tell(gone)
    return len(freed)


def _tell(entries: Sequence[ExamEntry]) -> None:
    """Each person reads of the own entry, and each enterprise one summary of those withdrawn and those not."""
    rows = ExamEntry.objects.filter(pk__in=[entry.pk for entry in entries])
    posts = []
    of_enterprise: dict[tuple[int, bool], list[ExamEntry]] = defaultdict(list)
    for entry in rows.select_related("person", "enterprise", "batch").order_by("pk"):
        posts.append(_to_person(entry))
        of_enterprise[entry.enterprise_id, entry.state == EntryState.WITHDRAWN].append(entry)
    posts += [_to_enterprise(found) for found in of_enterprise.values()]
    send(posts)


def _to_person(entry: ExamEntry) -> OutgoingMessage:
    until = chinese_date(entry.batch.sign_up_to)
    if entry.state == EntryState.WITHDRAWN:
        title = f"报名已取消：{entry.person.name}，{entry.batch.name}"
        text = (
            f"{_what(entry)}因聘用关系解除已取消，名额已退回。由新单位登记聘用关系后，可以在{until}报名截止前重新报名。"
        )
    else:
        title = f"已离开报名企业：{entry.person.name}，{entry.batch.name}"
        text = f"{_what(entry)}{STAYS}不取消又不参加考试的，按无故缺考处理。"
    return OutgoingMessage(entry.person.mailbox_id, title[:200], text, "/person/exams/", event="exam_entry")


STAYS = "报名已截止，没有自动取消。本人可以在“我的考试”中、审核部门可以在考试批次中取消。"


def _what(entry: ExamEntry) -> str:
    return f"{entry.enterprise.name}为{entry.person.name}报名的{entry.category}证考试（{entry.batch.name}）"


def _to_enterprise(entries: Sequence[ExamEntry]) -> OutgoingMessage:
    """All of them were withdrawn, or none."""
    first, is_withdrawn = entries[0], entries[0].state == EntryState.WITHDRAWN
    said = "因聘用关系解除已取消，名额已退回。" if is_withdrawn else STAYS
    if len(entries) == 1:
        what, who = _what(first), f"{first.person.name}，{first.batch.name}"
    else:
        what, who = f"{names_of(entries)}的考试报名", f"{len(entries)} 人"
    title = f"报名已取消：{who}" if is_withdrawn else f"已离开报名企业：{who}"
    return OutgoingMessage(first.enterprise.mailbox_id, title[:200], f"{what}{said}", ENTRIES, event="exam_entry")
