"""提醒本人答复: tells people who have not answered a proposal that it waits for them, once a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.timezone import localdate

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from administration.models import SentReminder
from administration.reminders import Reminder, claim
from common.dates import chinese_date
from common.findings import Finding, Refused
from employment.terms_in_words import FORMER, changed_to, contract_text, post_words
from workflow.actors import Actor
from workflow.enums import Desk, Party
from workflow.models import Application
from workflow.services.auditing import author_of

from .selectors import awaiting_person

KIND, EVENT = "unanswered_proposal", "case_waiting"
MOST_AT_ONCE = 500
NOBODY = Finding(
    "proposal.nobody", "没有需要提醒的人员", "请先勾选还没有答复的人员；名单可能已经变化，请刷新后再看。", turn="企业"
)


@dataclass(frozen=True)
class Reminded:
    """`before` counts who was reminded of the same proposal today already, whoever did it."""

    sent: int
    before: int

    @property
    def words(self) -> str:
        said = f"已提醒 {self.sent} 人。" if self.sent else "没有发出新的提醒。"
        return said + (f"{self.before} 人今天已经提醒过，没有重复发送。" if self.before else "")


def reminded_times(application_ids: Iterable[int]) -> dict[int, int]:
    """Maps a proposal to the number of its reminders."""
    rows = SentReminder.objects.filter(kind=KIND, object_id__in=list(application_ids)).order_by()
    return dict(rows.values_list("object_id").annotate(Count("pk")))


@transaction.atomic
def remind_of_proposals(application_ids: Collection[int] | None, *, actor: Actor) -> Reminded:
    """One message for a proposal and day; None means all that wait. Ids that do not wait for an answer are left out.

    Raises Refused where nobody is left, and beyond `MOST_AT_ONCE`.
    """
    if actor.party != Party.ENTERPRISE or actor.enterprise_id is None:
        raise Refused(Finding("proposal.not_yours", "只有企业可以提醒本企业发起的聘用"))
    rows = awaiting_person(actor.enterprise_id, is_open=True).filter(desk=Desk.PERSON)
    if application_ids is not None:
        rows = rows.filter(pk__in=application_ids)
    waiting = {row.pk: row for row in rows.order_by("due_on", "pk")[: MOST_AT_ONCE + 1]}
    if not waiting:
        raise Refused(NOBODY)
    if len(waiting) > MOST_AT_ONCE:
        detail = "请勾选后分几次提醒。"
        raise Refused(Finding("proposal.too_many", f"一次最多提醒 {MOST_AT_ONCE} 人", detail, turn="企业"))
    today = localdate()
    due = sorted(one.object_id for one in claim([Reminder(KIND, pk, today, 0) for pk in waiting]))
    send(_message(waiting[pk], actor.acting_for) for pk in due)
    detail_of: dict[str, object] = {"acting_for": actor.acting_for}
    about = [(Application._meta.label_lower, pk, detail_of) for pk in due]
    record_audits("employment.remind", about, by=author_of(actor))
    return Reminded(len(due), len(waiting) - len(due))


def _message(application: Application, enterprise: str) -> OutgoingMessage:
    terms = application.payload
    what = "续签合同或变更职务" if terms.get(FORMER) else "聘用邀请"
    posts = changed_to(terms, lambda one: post_words(one.get("posts", [])))
    until = f"请在{chinese_date(application.due_on)}前" if application.due_on else "请"
    text = (
        f"{enterprise}提出：职务{posts}，合同期{changed_to(terms, contract_text)}。"
        f"{until}用手机打开“我的待办”，验证身份后选择同意或拒绝；逾期没有答复的，申请自动终止。"
    )
    box = application.person.mailbox_id if application.person else None
    title = f"{enterprise}提醒您答复{what}"[:200]
    return OutgoingMessage(box, title, text, f"/applications/{application.number}/", event=EVENT)
