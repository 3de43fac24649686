"""Reminds people of what they alone can add before the enterprise may sign them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Person
from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from administration.reminders import Reminder, claim
from common.dates import chinese_date
from common.findings import Finding, Refused
from exams.models import ExamBatch
from exams.permissions import why_not_enter
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .candidates import CandidateRow, Standing

KIND = "exam_lacks"
PHOTO = "证件照"


@dataclass(frozen=True)
class Reminded:
    """`before` counts who has had such a message today already, whoever sent it."""

    sent: int
    before: int

    @property
    def words(self) -> str:
        said = f"已提醒 {self.sent} 人补齐材料。" if self.sent else "没有发出新的提醒。"
        return said + (f"{self.before} 人今天已经提醒过，没有重复发送。" if self.before else "")


@transaction.atomic
def remind_lacking(rows: Sequence[CandidateRow], *, batch: ExamBatch, category: str, actor: Actor) -> Reminded:
    """One message for a person and day, whatever the batch. Raises Refused where nobody lacks anything."""
    if sentence := why_not_enter(actor):
        raise Refused(Finding("exam.not_yours", sentence))
    lacking = {row.person.pk: row for row in rows if row.standing == Standing.LACKING}
    if not lacking:
        raise Refused(
            Finding("exam.nobody_lacks", "没有需要提醒的人员", "名单可能已经变化，请刷新后再看。", turn="企业")
        )
    today = localdate()
    due = sorted(one.object_id for one in claim([Reminder(KIND, pk, today, 0) for pk in lacking]))
    send(_message(lacking[pk], batch, category, actor) for pk in due)
    detail: dict[str, object] = {"batch": batch.pk, "category": category, "acting_for": actor.acting_for}
    about = [(Person._meta.label_lower, pk, {**detail, "lacks": list(lacking[pk].lacks)}) for pk in due]
    record_audits("exam_entry.remind", about, by=author_of(actor))
    return Reminded(len(due), len(lacking) - len(due))


def _message(row: CandidateRow, batch: ExamBatch, category: str, actor: Actor) -> OutgoingMessage:
    """The link leads to what lacks first; the profile has the way to the photo."""
    lacks = "、".join(row.lacks)
    until = chinese_date(batch.sign_up_to)
    text = (
        f"{actor.acting_for}准备为您报名{category}证考试（{batch.name}），您还缺{lacks}。"
        f"请在{until}（含）报名截止前补齐，补齐后由单位报名。"
    )
    link = "/person/photo/" if row.lacks == (PHOTO,) else "/person/profile/"
    return OutgoingMessage(
        row.person.mailbox_id, f"请补齐{lacks}，单位才能为您报名考试", text, link, event="exam_entry"
    )
