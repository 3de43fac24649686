"""Keeps what people say about a page, sends the answer, and forgets both when their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.access import audit
from accounts.models import User
from administration.messages.services import OutgoingMessage, send
from administration.models import Feedback
from common.dates import SHANGHAI, chinese_date
from common.findings import Finding, Refused

from .selectors import days_kept

STRANGER = "未登录"
ANSWERED = "意见反馈已答复"
PAGE = 1000


@transaction.atomic
def keep_feedback(
    *, kind: str, text: str, page: str, contact: str, by: User | None, mailbox_id: int | None, now: datetime
) -> Feedback:
    said = Feedback.objects.create(
        kind=kind,
        text=text,
        page=page,
        contact=contact,
        mailbox_id=mailbox_id,
        sender=by.get_sphere_display() if by else STRANGER,
        sent_at=now,
    )
    audit.record("feedback.send", by=by, about=said, detail={"kind": said.get_kind_display(), "page": page})
    return said


@transaction.atomic
def answer_feedback(pk: int, *, answer: str, by: User, now: datetime) -> None:
    """Raises Refused where a colleague was faster, or its time was over meanwhile."""
    said = Feedback.objects.select_for_update().filter(pk=pk).first()
    if said is None:
        raise Refused(Finding("feedback.gone", "这条意见已到期清理", "您写的答复没有发出。"))
    if said.answered_at is not None:
        detail = f"{said.answered_by}的答复已经发出，您写的没有发出。"
        raise Refused(Finding("feedback.answered", "这条意见已经答复", detail))
    said.answer, said.answered_at, said.answered_by = answer, now, by.name
    said.save(update_fields=["answer", "answered_at", "answered_by"])
    send([OutgoingMessage(said.mailbox_id, ANSWERED, _letter(said))])
    audit.record("feedback.answer", by=by, about=said, detail={"kind": said.get_kind_display(), "page": said.page})


def _letter(said: Feedback) -> str:
    """It does not repeat the text that was sent: messages are not encrypted."""
    about = f"就页面 {said.page} " if said.page else ""
    sent_on = chinese_date(said.sent_at.astimezone(SHANGHAI).date())
    return f"{sent_on}{about}提交的意见（{said.get_kind_display()}），答复如下：\n{said.answer}"


def forget_feedback(*, now: datetime) -> int:
    """Deletes what was sent before the days that it is kept, answered or not, and answers how many.

    Ids rise with time, so it reads from the oldest on and stops at the first one that is younger. Each page is a
    transaction of its own: whoever kills it loses nothing.
    """
    before, deleted = now - timedelta(days=days_kept(now.astimezone(SHANGHAI).date())), 0
    while page := list(Feedback.objects.order_by("pk").values_list("pk", "sent_at")[:PAGE]):
        old = [pk for pk, sent_at in page if sent_at < before]
        with transaction.atomic():
            deleted += Feedback.objects.filter(pk__in=old).delete()[0]
        if len(old) < len(page):
            break
    return deleted
