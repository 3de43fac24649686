"""A message and its copies are written together; who gets one is the province's choice, and the receiver's."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from administration.enums import Channel, DeliveryState
from administration.messages.services import OutgoingMessage, open_mailbox, send
from administration.models import Delivery, Message, MessageChoice
from tests.administration.outbox.reached import EMAIL, NOON, PHONE, approve_templates, contact
from tests.factories import make_id_number

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def connected(settings: Any) -> None:
    settings.SMS_PROVIDER = settings.EMAIL_PROVIDER = "console"
    approve_templates()


def test_a_verified_telephone_and_an_e_mail_address_get_a_copy_each() -> None:
    phone = contact()
    contact(Channel.EMAIL, mailbox_id=phone.mailbox_id)
    send([OutgoingMessage(phone.mailbox_id, "证书将到期", "请办理延续。", "/person/", event="certificate_expiring")])
    message = Message.objects.get()
    sms, email = Delivery.objects.order_by("pk")
    assert (sms.message, sms.channel, sms.address, sms.state) == (message, "sms", PHONE, DeliveryState.WAITING)
    assert sms.content["template"] == "T-1"
    assert sms.content["parameters"] == ["证书将到期"]
    assert sms.content["text"].startswith("证书将到期。请登录")
    assert (email.channel, email.address, email.content["subject"]) == ("email", EMAIL, "证书将到期")
    assert "请办理延续。" in email.content["text"]
    assert "http://testserver/person/" in email.content["text"]
    assert sms.key != email.key


@pytest.mark.parametrize("fields", [{"verified_at": None}, {"is_silent": True}, {"declined": ["exam_changed"]}])
def test_who_is_not_verified_or_silent_or_has_declined_gets_none(fields: dict[str, Any]) -> None:
    box = contact(**fields).mailbox_id
    send([OutgoingMessage(box, "考场有变化", event="exam_changed")])
    assert Message.objects.filter(mailbox=box).exists()
    assert not Delivery.objects.exists()


def test_what_the_law_requires_cannot_be_declined() -> None:
    box = contact(declined=["case_closed"]).mailbox_id
    send([OutgoingMessage(box, "不予通过", event="case_closed")])
    assert Delivery.objects.get().event == "case_closed"


def test_the_province_chooses_the_channels_of_an_event() -> None:
    box = contact().mailbox_id
    MessageChoice.objects.filter(event="exam_changed").update(is_sms_on=False)
    send([OutgoingMessage(box, "考场有变化", event="exam_changed"), OutgoingMessage(box, "成绩", event="exam_result")])
    assert [one.event for one in Delivery.objects.all()] == ["exam_result"]


def test_no_id_number_leaves_the_portal() -> None:
    box, number = contact().mailbox_id, make_id_number()
    contact(Channel.EMAIL, mailbox_id=box)
    send([OutgoingMessage(box, f"号码{number}有误", f"旧号码 {number} 已更正。", event="registration")])
    said = [one.content["text"] + str(one.content["parameters"]) for one in Delivery.objects.all()]
    assert len(said) == 2
    assert all(number not in text and f"{number[:3]}***********{number[-4:]}" in text for text in said)


def test_what_is_long_is_cut_for_the_sms_and_no_line_break_goes_along() -> None:
    box = contact().mailbox_id
    send([OutgoingMessage(box, "一\n二" + "长" * 100, event="registration")])
    (parameter,) = Delivery.objects.get().content["parameters"]
    assert parameter.startswith("一 二长")
    assert len(parameter) == 60
    assert parameter.endswith("…")


def test_braces_in_a_message_are_not_filled_in() -> None:
    box = contact(Channel.EMAIL).mailbox_id
    send([OutgoingMessage(box, "说明{内容}", "标题是{标题}", event="registration")])
    sent = Delivery.objects.get().content
    assert sent["subject"] == "说明{内容}"
    assert "标题是{标题}" in sent["text"]


def test_queries_stay_the_same_however_many_receivers(settings: Any, django_assert_num_queries: Any) -> None:
    boxes = [contact(user_id=number).mailbox_id for number in range(5)]
    unknown = [open_mailbox().pk for _ in range(5)]
    with django_assert_num_queries(4):  # messages, addresses, choices, copies
        send(OutgoingMessage(box, "标题", event="exam_result") for box in boxes)
    with django_assert_num_queries(2):
        send(OutgoingMessage(box, "标题", event="exam_result") for box in unknown)
    settings.SMS_PROVIDER = settings.EMAIL_PROVIDER = ""
    with django_assert_num_queries(1):
        send(OutgoingMessage(box, "标题", event="exam_result") for box in boxes)
    assert Delivery.objects.count() == 5


def test_a_message_that_is_rolled_back_leaves_no_copy() -> None:
    box = contact().mailbox_id
    with transaction.atomic():
        send([OutgoingMessage(box, "标题", event="exam_result")])
        assert Delivery.objects.exists()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not Delivery.objects.exists()


def test_offices_read_theirs_in_the_portal_only() -> None:
    box = contact(verified_at=NOON).mailbox_id
    send([OutgoingMessage(box, "转来待办", event="office_work")])
    assert not Delivery.objects.exists()
    assert not MessageChoice.objects.filter(event="office_work").exists()
