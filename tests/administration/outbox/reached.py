"""People with verified addresses, and real servers that take what goes out to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from administration.audit.services import Author
from administration.enums import Channel
from administration.messages.services import open_mailbox
from administration.models import Contact, Delivery, MessageChoice, Parameter
from devtools.demo_servers.mail_server import MailBox, mail_server
from devtools.demo_servers.sms_service import KEY, SECRET, SmsService, demo_sms_service

PHONE = "13800001234"
EMAIL = "zhang.san@example.com"
SYSTEM = Author(None, "系统")
NOON = datetime.fromisoformat("2026-11-25T12:00:00+08:00")


def contact(channel: Channel = Channel.SMS, *, user_id: int = 1, address: str = "", **fields: Any) -> Contact:
    """A verified address of a mailbox of its own, unless another mailbox is given."""
    fields.setdefault("verified_at", NOON)
    fields.setdefault("mailbox", open_mailbox() if "mailbox_id" not in fields else None)
    if fields["mailbox"] is None:
        del fields["mailbox"]
    given = address or (PHONE if channel == Channel.SMS else EMAIL)
    return Contact.objects.create(user_id=user_id, channel=channel, address=given, **fields)


def approve_templates(*events: str) -> None:
    """The province has entered the numbers of approved templates; without names, of all events."""
    rows = MessageChoice.objects.filter(event__in=events) if events else MessageChoice.objects.all()
    rows.update(is_sms_on=True, sms_template="T-1")


def set_parameter(key: str, value: int) -> None:
    Parameter.objects.filter(key=key).update(value=value)


@contextmanager
def sms_service(settings: Any, service: SmsService | None = None) -> Iterator[SmsService]:
    used = service or SmsService()
    with demo_sms_service(used) as url:
        settings.SMS_PROVIDER, settings.SMS_URL, settings.SMS_SIGN = "http", url, "江西住建"
        settings.SMS_KEY, settings.SMS_SECRET = KEY, SECRET
        yield used


@contextmanager
def smtp(settings: Any, box: MailBox | None = None) -> Iterator[MailBox]:
    used = box or MailBox()
    with mail_server(used) as port:
        settings.EMAIL_PROVIDER, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", port
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        yield used


def fates() -> list[tuple[str, int]]:
    return list(Delivery.objects.order_by("pk").values_list("state", "attempts"))
