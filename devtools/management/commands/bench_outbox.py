"""Measures how fast the outbox is emptied through an SMS service that fails a third of the time."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections import defaultdict
from datetime import datetime, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.test import override_settings

from administration.enums import Channel, DeliveryState
from administration.messages.services import OutgoingMessage, send
from administration.models import Contact, Delivery, Mailbox, MessageChoice, Parameter
from administration.outbox.sending import send_due
from devtools.demo_servers.sms_service import KEY, SECRET, SmsService, demo_sms_service

NOON = datetime.fromisoformat("2026-11-25T12:00:00+08:00")
PEOPLE_OF = 20
"""So many messages go to each person."""


def every_third(number: int) -> str:
    return "" if number % 3 else ("503", "lost")[number // 3 % 2]


class Command(BaseCommand):
    help = "Send messages to made-up people through a service that fails a third of the time; leaves nothing behind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--messages", type=int, default=10_000)

    def handle(self, *, messages: int, **options: object) -> None:
        service = SmsService(every_third)
        with demo_sms_service(service) as url, transaction.atomic():
            provider = {
                "SMS_PROVIDER": "http",
                "SMS_URL": url,
                "SMS_KEY": KEY,
                "SMS_SECRET": SECRET,
                "SMS_SIGN": "江西",
            }
            with override_settings(**provider):
                written = time.perf_counter()
                count = write(messages)
                began = time.perf_counter()
                rounds = empty()
            seconds = time.perf_counter() - began
            check(service, count)
            transaction.set_rollback(True)
        self.stdout.write(
            f"{count} messages written in {began - written:.1f} s, sent in {seconds:.1f} s by one process in {rounds} "
            f"rounds: {service.asked} questions, {service.repeated} repeated after a lost answer, each delivered once in "
            f"order; {count / seconds:.0f} a second"
        )


def write(messages: int) -> int:
    MessageChoice.objects.filter(event="exam_result").update(is_sms_on=True, sms_template="T-1")
    Parameter.objects.filter(key__in=["messages_per_hour", "messages_per_day"]).update(value=200)
    boxes = Mailbox.objects.bulk_create(Mailbox() for _ in range(messages // PEOPLE_OF))
    Contact.objects.bulk_create(
        Contact(mailbox=box, user_id=-number, channel=Channel.SMS, address=f"139{number:08d}", verified_at=NOON)
        for number, box in enumerate(boxes, start=1)
    )
    for turn in range(PEOPLE_OF):
        send(OutgoingMessage(box.pk, f"第{turn:02d}条", event="exam_result") for box in boxes)
    return Delivery.objects.filter(contact__user_id__lt=0).update(due_at=NOON)


def empty() -> int:
    moment, rounds = NOON, 0
    while Delivery.objects.filter(contact__user_id__lt=0, state=DeliveryState.WAITING).exists():
        send_due(now=moment)
        moment, rounds = moment + timedelta(minutes=1), rounds + 1
        if moment > NOON + timedelta(hours=8):
            raise CommandError("what waits does not get less")
    return rounds


def check(service: SmsService, count: int) -> None:
    """Raises CommandError unless each was delivered once and every person got them in order."""
    said = defaultdict(list)
    for key in service.order:
        said[service.taken[key]["phone"]].append(service.taken[key]["parameters"][0])
    sent = Delivery.objects.filter(contact__user_id__lt=0, state=DeliveryState.SENT).count()
    if not len(service.order) == len(set(service.order)) == sent == count:
        raise CommandError(f"{count} were written, {sent} counted as sent, {len(service.order)} arrived")
    if any(titles != sorted(titles) for titles in said.values()):
        raise CommandError("somebody got them in another order")
