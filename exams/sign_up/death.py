"""Withdraws the coming exams of a person who has died."""

from __future__ import annotations

from accounts.deaths.steps import Death
from accounts.models import Person
from administration.messages.services import OutgoingMessage, send
from common.database.set_updates import update_rows
from exams.enums import PENDING, EntryState
from exams.models import ExamEntry
from exams.sign_up.naming import ENTRIES

from .locking import lock_with_batches
from .places import free_places


def name_pending(person: Person) -> list[str]:
    rows = ExamEntry.objects.filter(person=person, state__in=PENDING).select_related("batch").order_by("pk")
    return [f"{row.category}证考试报名取消：{row.batch.name}" for row in rows]


def withdraw_pending(death: Death) -> list[int]:
    read = dict(ExamEntry.objects.filter(person=death.person, state__in=PENDING).values_list("pk", "batch_id"))
    entries = [entry for entry in lock_with_batches(read) if entry.state in PENDING]
    for entry in entries:
        entry.state, entry.comment = EntryState.WITHDRAWN, "本人已去世，报名取消。"
    update_rows(entries, ["state", "comment"])
    free_places(entries)
    rows = ExamEntry.objects.filter(pk__in=[entry.pk for entry in entries]).select_related("enterprise", "batch")
    send(
        OutgoingMessage(
            row.enterprise.mailbox_id,
            f"报名已取消：{death.person.name}，{row.batch.name}",
            f"{death.person.name}已去世，{row.category}证考试报名取消，名额已退回。",
            ENTRIES,
            event="exam_entry",
        )
        for row in rows.order_by("pk")
    )
    return [entry.pk for entry in entries]


def name_withdrawn(death: Death) -> list[str]:
    rows = ExamEntry.objects.filter(pk__in=death.ended).select_related("batch").order_by("pk")
    return [f"{row.category}证考试报名（{row.batch.name}）不自动恢复，仍在报名期内的由企业重新报名。" for row in rows]
