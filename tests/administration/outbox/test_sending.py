"""The worker empties the outbox through real servers: an SMS service over HTTP and a mail server."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from administration.enums import Channel, DeliveryState, Receipt
from administration.messages.services import OutgoingMessage, send
from administration.models import Contact, Delivery
from administration.outbox.receipts import Report, take_receipts
from administration.outbox.sending import ATTEMPTS, LEASE, send_due, write_down
from devtools.demo_servers.mail_server import MailBox
from devtools.demo_servers.sms_service import SmsService
from tests.administration.outbox.reached import (
    EMAIL,
    NOON,
    PHONE,
    approve_templates,
    contact,
    fates,
    set_parameter,
    sms_service,
    smtp,
)

pytestmark = pytest.mark.django_db
WAITING, SENT, FAILED = DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.FAILED
EVENING = datetime.fromisoformat("2026-11-25T22:30:00+08:00")
MORNING = datetime.fromisoformat("2026-11-26T08:00:00+08:00")


@pytest.fixture(autouse=True)
def approved() -> None:
    approve_templates()


def write(to: Contact, *titles: str, event: str = "exam_result", at: datetime = NOON) -> None:
    send(OutgoingMessage(to.mailbox_id, title, "内容", event=event) for title in titles)
    Delivery.objects.filter(contact=to, state=WAITING, attempts=0).update(due_at=at)


def titles(service: SmsService) -> list[str]:
    return [service.taken[key]["parameters"][0] for key in service.order]


def test_an_sms_goes_out_once_with_template_parameters_and_its_own_key(settings: Any) -> None:
    with sms_service(settings) as service:
        write(contact(), "合格")
        assert [send_due(now=NOON) for _ in range(2)] == [1, 0]
    row = Delivery.objects.get()
    (taken,) = service.taken.values()
    assert taken == {
        "id": str(row.key),
        "phone": PHONE,
        "sign": "江西住建",
        "template": "T-1",
        "parameters": ["合格"],
    }
    assert (row.state, row.sent_at, row.attempts, row.provider_id) == (SENT, NOON, 1, f"sms-{row.key}")


def test_an_e_mail_goes_out_once_by_smtp(settings: Any) -> None:
    with smtp(settings) as box:
        write(contact(Channel.EMAIL), "合格")
        assert [send_due(now=NOON) for _ in range(2)] == [1, 0]
    ((receiver, message),) = box.received
    assert (receiver, message["To"], message["Subject"]) == (EMAIL, EMAIL, "合格")
    assert message["From"] == "jxcloud@portal.example"
    assert message["Message-ID"] == f"<{Delivery.objects.get().key}@portal.example>"
    assert "内容" in message.get_content()


@pytest.mark.parametrize("wrong", ["503", "lost"])
def test_what_fails_is_tried_again_later_under_the_same_key(settings: Any, wrong: str) -> None:
    with sms_service(settings, SmsService(lambda number: wrong if number <= 2 else "")) as service:
        write(contact(), "合格")
        assert send_due(now=NOON) == 0
        assert fates() == [(WAITING, 1)]
        assert send_due(now=NOON + timedelta(seconds=59)) == 0
        assert service.asked == 1, "it waits a minute"
        assert send_due(now=NOON + timedelta(minutes=1)) == 0
        assert send_due(now=NOON + timedelta(minutes=2)) == 0
        assert service.asked == 2, "then two"
        assert send_due(now=NOON + timedelta(minutes=3)) == 1
    assert len(service.order) == 1
    assert service.repeated == (2 if wrong == "lost" else 0)


def test_after_a_bounded_number_of_tries_it_has_failed_and_says_why(settings: Any) -> None:
    moment = NOON
    with sms_service(settings, SmsService(lambda number: "503")) as service:
        write(contact(), "合格", event="account")
        for _ in range(ATTEMPTS + 3):
            # The circuit is not tried here.
            _forget_failures()
            send_due(now=moment)
            moment += timedelta(hours=1)
        assert service.asked == ATTEMPTS
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.last_error) == (FAILED, ATTEMPTS, "the SMS service answers 503")


def test_what_the_service_refuses_fails_at_once_and_the_next_goes_on(settings: Any) -> None:
    with sms_service(settings, SmsService(lambda number: "refused" if number == 1 else "")) as service:
        write(contact(), "一", "二")
        assert send_due(now=NOON) == 1
    assert titles(service) == ["二"]
    assert fates() == [(FAILED, 1), (SENT, 1)]
    assert Delivery.objects.order_by("pk")[0].last_error == "422 template.unknown"


def test_the_order_of_one_receiver_is_kept_and_others_do_not_wait(settings: Any) -> None:
    first, second = contact(user_id=1), contact(user_id=2)
    with sms_service(settings, SmsService(lambda number: "503" if number == 1 else "")) as service:
        write(first, "甲一", "甲二", "甲三")
        write(second, "乙一")
        assert send_due(now=NOON) == 1
        assert titles(service) == ["乙一"]
        assert send_due(now=NOON + timedelta(minutes=1)) == 3
    assert titles(service) == ["乙一", "甲一", "甲二", "甲三"]


def test_a_service_that_is_away_is_left_alone_and_costs_no_tries(settings: Any) -> None:
    people = [contact(user_id=number) for number in range(20)]
    with sms_service(settings, SmsService(lambda number: "503")) as service:
        for one in people:
            write(one, "合格")
        assert send_due(now=NOON) == 0
        assert service.asked == 5, "after five failures in a row the circuit is open"
        assert send_due(now=NOON + timedelta(seconds=30)) == 0
        assert service.asked == 5
    assert sorted(attempts for _, attempts in fates()) == [0] * 15 + [1] * 5
    assert {state for state, _ in fates()} == {WAITING}
    _forget_failures()
    with sms_service(settings) as service:
        assert send_due(now=NOON + timedelta(hours=1)) == 20
    assert len(service.order) == 20


def test_a_mail_server_that_is_away_costs_no_tries(settings: Any) -> None:
    with smtp(settings):
        write(contact(Channel.EMAIL), "合格")
    assert send_due(now=NOON) == 0
    assert fates() == [(WAITING, 0)]
    with smtp(settings) as box:
        assert send_due(now=NOON + timedelta(minutes=1)) == 1
    assert len(box.received) == 1


@pytest.mark.parametrize(("answer", "fate"), [("550 no such user", (FAILED, 1)), ("451 later", (WAITING, 1))])
def test_a_mail_server_refuses_for_good_or_for_now(settings: Any, answer: str, fate: tuple[str, int]) -> None:
    with smtp(settings, MailBox(lambda number, receiver: answer if receiver == EMAIL else "")) as box:
        write(contact(Channel.EMAIL), "合格")
        write(contact(Channel.EMAIL, user_id=2, address="li.si@example.com"), "合格")
        assert send_due(now=NOON) == 1
    assert fates() == [fate, (SENT, 1)]
    assert [receiver for receiver, _ in box.received] == ["li.si@example.com"]
    assert Delivery.objects.order_by("pk")[0].last_error == f"SMTP {answer[:3]}"


def test_a_receiver_gets_so_many_in_an_hour_and_a_day_and_the_rest_waits(settings: Any) -> None:
    set_parameter("messages_per_hour", 2)
    set_parameter("messages_per_day", 3)
    with sms_service(settings) as service:
        write(contact(), "一", "二", "三", "四")
        assert send_due(now=NOON) == 2
        assert send_due(now=NOON + timedelta(minutes=59)) == 0
        assert send_due(now=NOON + timedelta(minutes=60)) == 1
        assert send_due(now=NOON + timedelta(hours=3)) == 0
        assert send_due(now=NOON + timedelta(hours=24)) == 1
    assert titles(service) == ["一", "二", "三", "四"]
    assert {attempts for _, attempts in fates()} == {1}


def test_at_night_nothing_leaves_but_what_is_urgent(settings: Any) -> None:
    with sms_service(settings) as service:
        one = contact()
        write(one, "合格")
        write(one, "密码已重设", event="password_reset")
        assert send_due(now=EVENING) == 1
        assert titles(service) == ["密码已重设"]
        assert send_due(now=MORNING - timedelta(seconds=1)) == 0
        assert send_due(now=MORNING) == 1


def test_the_quiet_hours_are_the_province_s(settings: Any) -> None:
    set_parameter("messages_quiet_from", 12)
    set_parameter("messages_quiet_until", 14)
    with sms_service(settings):
        write(contact(), "合格")
        assert send_due(now=NOON) == 0
        assert send_due(now=EVENING) == 1


def test_what_a_killed_worker_had_claimed_falls_due_again(settings: Any) -> None:
    with sms_service(settings) as service:
        write(contact(), "合格")
        Delivery.objects.update(attempts=1, due_at=NOON + LEASE)
        assert send_due(now=NOON) == 0
        assert send_due(now=NOON + LEASE) == 1
    assert len(service.order) == 1


def test_a_receipt_that_arrives_while_the_answer_is_lost_is_not_overruled(settings: Any) -> None:
    """The last try has failed for the worker, while the service reports the message as delivered."""
    settings.SMS_PROVIDER = "console"
    write(contact(), "合格")
    Delivery.objects.update(attempts=ATTEMPTS)
    claimed = Delivery.objects.get()
    claimed.state = FAILED
    assert take_receipts([Report(claimed.key, Receipt.DELIVERED)], now=NOON) == 1
    write_down([claimed])
    kept = Delivery.objects.get()
    assert (kept.state, kept.receipt) == (SENT, "delivered")


def test_no_log_line_holds_an_address_or_a_word_but_of_the_masked_console(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_PROVIDER = settings.EMAIL_PROVIDER = "console"
    phone = contact()
    contact(Channel.EMAIL, mailbox_id=phone.mailbox_id)
    write(phone, "合格")
    with caplog.at_level(logging.INFO):
        assert send_due(now=NOON) == 1
    Delivery.objects.update(due_at=NOON)
    with caplog.at_level(logging.INFO):
        assert send_due(now=NOON) == 1
    assert "138****1234" in caplog.text
    assert "z***@example.com" in caplog.text
    assert PHONE not in caplog.text
    assert EMAIL not in caplog.text
    caplog.clear()
    with caplog.at_level(logging.DEBUG), sms_service(settings, SmsService(lambda number: "503")):
        write(phone, "不合格")
        send_due(now=NOON)
    assert all(word not in caplog.text for word in (PHONE, "1234", "不合格"))


def _forget_failures() -> None:
    from administration.outbox.sms_http import SERVICE

    SERVICE.forget()
