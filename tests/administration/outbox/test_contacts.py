"""An address counts once a code has shown that its owner reads what comes there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from administration.enums import Channel, DeliveryState
from administration.messages.services import OutgoingMessage, open_mailbox, send
from administration.models import AuditEntry, Contact, Delivery
from administration.outbox.contacts import (
    CODE_TRIES,
    CODES_OF_A_LOGIN,
    decline,
    put_address,
    remove_address,
    send_code,
    silence,
    speak_again,
    verify,
)
from administration.outbox.selectors import contacts_of
from administration.outbox.sending import send_due
from common.findings import Refused
from tests.administration.outbox.reached import NOON, PHONE, SYSTEM, approve_templates, contact, sms_service, smtp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def connected(settings: Any) -> None:
    settings.SMS_PROVIDER = settings.EMAIL_PROVIDER = "console"
    approve_templates()


@pytest.fixture
def phone() -> Contact:
    return put(PHONE)


def put(address: str, *, channel: Channel = Channel.SMS, user_id: int = 1) -> Contact:
    known = Contact.objects.filter(user_id=user_id).first()
    box = known.mailbox_id if known else open_mailbox().pk
    return put_address(mailbox_id=box, user_id=user_id, channel=channel, address=address, by=SYSTEM)


def code_of(contact: Contact) -> str:
    row = Delivery.objects.filter(contact=contact, event="contact_code").latest("pk")
    (code,) = row.content["parameters"]
    return str(code)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def refusal(work: Any) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return str(refused.value.findings[0].code)


def test_a_code_verifies_an_address_and_is_stored_hashed(phone: Contact) -> None:
    send_code(phone.pk, user_id=1, now=NOON)
    code = code_of(phone)
    assert len(code) == 6
    assert code.isdigit()
    stored = Contact.objects.get()
    assert code not in stored.code_hash
    verify(phone.pk, user_id=1, code=f" {code} ", by=SYSTEM, now=NOON + timedelta(minutes=10))
    assert Contact.objects.get().verified_at is not None
    assert AuditEntry.objects.filter(action="contact.verify").exists()
    assert refusal(lambda: verify(phone.pk, user_id=1, code=code, by=SYSTEM, now=NOON)) == "contact.code_ended"


def test_a_code_ends_after_ten_minutes(phone: Contact) -> None:
    send_code(phone.pk, user_id=1, now=NOON)
    late = NOON + timedelta(minutes=10, seconds=1)
    assert (
        refusal(lambda: verify(phone.pk, user_id=1, code=code_of(phone), by=SYSTEM, now=late)) == "contact.code_ended"
    )


def test_a_code_ends_after_so_many_tries_also_for_the_right_one(phone: Contact) -> None:
    send_code(phone.pk, user_id=1, now=NOON)
    code = code_of(phone)
    wrong = [
        refusal(lambda: verify(phone.pk, user_id=1, code=another(code), by=SYSTEM, now=NOON)) for _ in range(CODE_TRIES)
    ]
    assert wrong == ["contact.code_wrong"] * (CODE_TRIES - 1) + ["contact.code_spent"]
    assert refusal(lambda: verify(phone.pk, user_id=1, code=code, by=SYSTEM, now=NOON)) == "contact.code_ended"
    assert Contact.objects.get().verified_at is None


def test_only_the_latest_code_counts(phone: Contact) -> None:
    send_code(phone.pk, user_id=1, now=NOON)
    first = code_of(phone)
    while True:
        send_code(phone.pk, user_id=1, now=NOON)
        if code_of(phone) != first:
            break
    assert refusal(lambda: verify(phone.pk, user_id=1, code=first, by=SYSTEM, now=NOON)) == "contact.code_wrong"
    verify(phone.pk, user_id=1, code=code_of(phone), by=SYSTEM, now=NOON)
    assert Contact.objects.get().verified_at == NOON


def test_codes_of_a_login_and_to_an_address_are_limited(phone: Contact) -> None:
    for _ in range(CODES_OF_A_LOGIN.times):
        send_code(phone.pk, user_id=1, now=NOON)
    assert refusal(lambda: send_code(phone.pk, user_id=1, now=NOON)) == "contact.too_often"
    stranger = put(PHONE, user_id=2)
    assert refusal(lambda: send_code(stranger.pk, user_id=2, now=NOON)) == "contact.too_often", (
        "the address is the same"
    )
    other = put("13800005678", user_id=2)
    send_code(other.pk, user_id=2, now=NOON)
    send_code(phone.pk, user_id=1, now=NOON + timedelta(hours=1))


def test_another_address_has_to_be_verified_anew_and_the_old_one_is_told() -> None:
    old = contact()
    new = put_address(mailbox_id=old.mailbox_id, user_id=1, channel=Channel.SMS, address="13900005678", by=SYSTEM)
    assert (new.pk, new.verified_at) == (old.pk, None)
    told = Delivery.objects.get()
    assert (told.address, told.event, told.is_urgent) == (PHONE, "account", True)
    assert "手机号码已更换" in told.content["text"]
    send([OutgoingMessage(old.mailbox_id, "合格", event="exam_result")])
    assert Delivery.objects.count() == 1, "nothing goes to an address that is not verified"


def test_a_code_for_the_former_address_does_not_verify_the_new_one(phone: Contact) -> None:
    send_code(phone.pk, user_id=1, now=NOON)
    code = code_of(phone)
    put("13900005678")
    assert refusal(lambda: verify(phone.pk, user_id=1, code=code, by=SYSTEM, now=NOON)) == "contact.code_ended"


def test_an_equal_address_stays_verified() -> None:
    old = contact()
    put_address(mailbox_id=old.mailbox_id, user_id=1, channel=Channel.SMS, address=PHONE, by=SYSTEM)
    assert Contact.objects.get().verified_at == NOON
    assert not AuditEntry.objects.filter(action="contact.change").exists()


def test_a_removed_address_gets_nothing_any_more_and_the_log_keeps_what_went_there() -> None:
    mine = contact(Channel.EMAIL)
    send([OutgoingMessage(mine.mailbox_id, "合格", event="exam_result")])
    assert remove_address(user_id=1, channel=Channel.EMAIL, by=SYSTEM)
    assert not remove_address(user_id=1, channel=Channel.EMAIL, by=SYSTEM)
    assert contacts_of(1) == {}
    row = Delivery.objects.get()
    assert (row.state, row.last_error) == (DeliveryState.FAILED, "the receiver has removed the address")


def test_what_may_be_declined_is_and_what_the_law_wants_told_is_not() -> None:
    mine = contact()
    kept = decline(mine.pk, user_id=1, events=["exam_result", "case_closed", "no_such_event"], by=SYSTEM)
    assert kept.declined == ["exam_result"]


def test_nobody_verifies_or_declines_for_another_login(phone: Contact) -> None:
    for work in (
        lambda: send_code(phone.pk, user_id=2, now=NOON),
        lambda: verify(phone.pk, user_id=2, code="000000", by=SYSTEM, now=NOON),
        lambda: decline(phone.pk, user_id=2, events=[], by=SYSTEM),
    ):
        with pytest.raises(Contact.DoesNotExist):
            work()


def test_a_silent_login_gets_nothing_until_it_speaks_again() -> None:
    mine = contact()
    send([OutgoingMessage(mine.mailbox_id, "合格", event="exam_result")])
    silence([1], why="the receiver has died")
    send([OutgoingMessage(mine.mailbox_id, "合格", event="exam_result")])
    assert list(Delivery.objects.values_list("state", "last_error")) == [
        (DeliveryState.FAILED, "the receiver has died")
    ]
    speak_again([1])
    send([OutgoingMessage(mine.mailbox_id, "合格", event="exam_result")])
    assert Delivery.objects.filter(state=DeliveryState.WAITING).count() == 1


def test_a_code_goes_out_at_night_beside_the_limits_and_is_forgotten_then(phone: Contact, settings: Any) -> None:
    night = NOON + timedelta(hours=12)
    with sms_service(settings) as service:
        send_code(phone.pk, user_id=1, now=night)
        code = code_of(phone)
        assert send_due(now=night) == 1
    assert [one["parameters"] for one in service.taken.values()] == [[code]]
    assert Delivery.objects.get().content is None


def test_a_code_comes_by_e_mail_too(settings: Any) -> None:
    with smtp(settings) as box:
        mine = put("zhang.san@example.com", channel=Channel.EMAIL)
        send_code(mine.pk, user_id=1, now=NOON)
        assert send_due(now=NOON) == 1
    ((_, message),) = box.received
    code = next(word for word in message.get_content().replace("，", " ").split() if word.isdigit() and len(word) == 6)
    verify(mine.pk, user_id=1, code=code, by=SYSTEM, now=NOON)
    assert Contact.objects.get().verified_at == NOON


def test_without_a_service_no_code_is_promised(phone: Contact, settings: Any) -> None:
    settings.SMS_PROVIDER = ""
    assert refusal(lambda: send_code(phone.pk, user_id=1, now=NOON)) == "contact.no_sms"


def test_without_an_approved_template_no_code_is_promised(phone: Contact) -> None:
    from administration.models import MessageChoice

    MessageChoice.objects.filter(event="contact_code").update(is_sms_on=False)
    assert refusal(lambda: send_code(phone.pk, user_id=1, now=NOON)) == "contact.no_sms"
    assert not Delivery.objects.exists()
