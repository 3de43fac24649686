"""Approves the texts of messages that leave the portal, and lets somebody have got a few."""

from __future__ import annotations

from django.utils import timezone

from administration.enums import Channel
from administration.messages.services import OutgoingMessage, send
from administration.models import Contact, MessageChoice

from .builders import demo_builder
from .context import DemoContext

SMS_EVENTS = ("contact_code", "case_returned", "case_closed", "certificate_expiring", "exam_changed", "password_reset")


@demo_builder("messages outside the portal", order=118)
def build(context: DemoContext) -> None:
    for position, event in enumerate(SMS_EVENTS, start=1):
        MessageChoice.objects.filter(event=event).update(is_sms_on=True, sms_template=f"DEMO_{position:03d}")
    person, user, mailbox = next(
        (one, one.user, one.mailbox) for one in context.people if one.user is not None and one.mailbox is not None
    )
    for channel, address in ((Channel.SMS, person.phone), (Channel.EMAIL, "demo@example.com")):
        Contact.objects.create(
            mailbox=mailbox,
            user_id=user.pk,
            channel=channel,
            address=address,
            verified_at=timezone.now(),
        )
    send(
        OutgoingMessage(mailbox.pk, title, "请登录查看办理。", "/person/", event=event)
        for title, event in (("证书将到期，可以申请延续", "certificate_expiring"), ("考试结果已公布", "exam_result"))
    )
