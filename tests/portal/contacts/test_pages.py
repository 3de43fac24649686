"""联系方式: persons and operators verify a telephone and an e-mail address by a code, and decline what they may."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from administration.enums import Channel
from administration.messages.services import OutgoingMessage, send
from administration.models import Contact, Delivery
from tests.administration.outbox.reached import approve_templates
from tests.factories import make_enterprise, make_operator, make_person
from tests.workflow.browsing import browser, words

pytestmark = pytest.mark.django_db
PAGE, PROFILE = "/messages/contact/", "/person/profile/"
PHONE = "13800001234"


@pytest.fixture(autouse=True)
def connected(settings: Any) -> None:
    settings.SMS_PROVIDER = settings.EMAIL_PROVIDER = "console"
    approve_templates()


@pytest.fixture
def person() -> Any:
    return make_person(phone=PHONE, education="bachelor")


@pytest.fixture
def mine(person: Any) -> Client:
    return browser(person.user)


def press(client: Client, act: str, channel: str = "sms", **more: Any) -> Any:
    return client.post(PAGE, {"act": act, "channel": channel, **more}, follow=True)


def code_in(channel: str = "sms") -> str:
    row = Delivery.objects.filter(event="contact_code", channel=channel).latest("pk")
    return str(row.content["parameters"][0]) if channel == "sms" else row.content["text"].split("验证码 ")[1][:6]


def test_a_person_verifies_the_telephone_of_the_profile(person: Any, mine: Client) -> None:
    assert "138****1234" in words(mine.get(PAGE))
    assert "未验证" in words(mine.get(PAGE))
    assert "验证码已发出" in words(press(mine, "code"))
    wrong = press(mine, "verify", code=f"{(int(code_in()) + 1) % 1_000_000:06d}")
    assert wrong.status_code == 409
    assert "验证码不对。还可以再试4次。" in words(wrong)
    assert "已验证，以后的消息会发到这里" in words(press(mine, "verify", code=code_in()))
    verified = Contact.objects.get()
    assert (verified.user_id, verified.mailbox_id, verified.address) == (person.user_id, person.mailbox_id, PHONE)
    assert verified.verified_at is not None
    assert PHONE not in mine.get(PAGE).content.decode()


def test_a_number_that_is_changed_in_the_profile_is_verified_anew(person: Any, mine: Client) -> None:
    press(mine, "code")
    press(mine, "verify", code=code_in())
    new = {"phone": "13900005678", "education": "bachelor", "professional_title": ""}
    assert mine.post(PROFILE, new).status_code == 302
    changed = Contact.objects.get()
    assert (changed.address, changed.verified_at) == ("13900005678", None)
    page = words(mine.get(PAGE))
    assert "139****5678" in page
    assert "未验证" in page
    told = Delivery.objects.get(event="account")
    assert told.address == PHONE


def test_an_e_mail_address_is_entered_verified_and_removed(mine: Client) -> None:
    assert "请填写电子邮箱，例如" in words(press(mine, "address", "email", address="张三"))
    press(mine, "address", "email", address="Zhang.San@Example.COM")
    assert Contact.objects.get(channel="email").address == "Zhang.San@example.com"
    press(mine, "code", "email")
    press(mine, "verify", "email", code=code_in("email"))
    assert Contact.objects.get(channel="email").verified_at is not None
    assert "Z***@example.com" in words(mine.get(PAGE))
    assert "已删除" in words(press(mine, "remove", "email"))
    assert "Z***@example.com" not in words(mine.get(PAGE)).partition("最近发给您的")[0]


def test_what_may_be_declined_is_listed_and_left_out_from_then_on(person: Any, mine: Client) -> None:
    Contact.objects.create(
        mailbox=person.mailbox, user_id=person.user_id, channel="sms", address=PHONE, verified_at=timezone.now()
    )
    page = mine.get(PAGE).content.decode()
    assert 'value="exam_result"' in page
    assert 'value="case_closed"' not in page, "the law wants it told"
    wanted = [key for key, _ in mine.get(PAGE).context["parts"][0]["events_form"].fields["wanted"].choices]
    wanted.remove("exam_result")
    assert "已保存接收的事项" in words(press(mine, "events", **{"sms-wanted": wanted}))
    send(OutgoingMessage(person.mailbox_id, "消息", event=event) for event in ("exam_result", "exam_changed"))
    assert [one.event for one in Delivery.objects.all()] == ["exam_changed"]
    unknown = press(mine, "events", **{"sms-wanted": ["nothing"]})
    assert unknown.status_code == 400
    page = words(mine.get(PAGE))
    assert "考试安排变化短信138****1234待发送" in page


def test_operators_of_one_enterprise_have_addresses_of_their_own() -> None:
    enterprise = make_enterprise()
    first, second = make_operator(enterprise, "甲"), make_operator(enterprise, "乙")
    one, other = browser(first), browser(second)
    press(one, "address", address="13800001111")
    press(one, "code")
    press(one, "verify", code=code_in())
    assert "138****1111" not in words(other.get(PAGE))
    press(other, "address", address="13800002222")
    send([OutgoingMessage(enterprise.mailbox_id, "人员离职", event="employment_ended")])
    assert [row.address for row in Delivery.objects.filter(event="employment_ended")] == ["13800001111"]
    assert set(Contact.objects.values_list("mailbox", flat=True)) == {enterprise.mailbox_id}


def test_a_person_s_number_is_neither_typed_nor_removed_here(mine: Client) -> None:
    assert press(mine, "address", address="13900005678").status_code == 409
    assert press(mine, "remove").status_code == 409
    assert not Contact.objects.exists()


def test_without_a_number_or_an_address_the_page_says_what_comes_first() -> None:
    bare = browser(make_person().user)
    answer = press(bare, "code")
    assert answer.status_code == 409
    assert "还没有填写手机号码" in words(answer)
    assert "/person/profile/" in answer.content.decode()
    assert "还没有填写电子邮箱" in words(press(bare, "code", "email"))


@pytest.mark.parametrize(
    "data", [{}, {"act": "code"}, {"act": "erase", "channel": "sms"}, {"act": "code", "channel": "x"}]
)
def test_what_the_page_does_not_offer_is_not_found(mine: Client, data: dict[str, str]) -> None:
    assert mine.post(PAGE, data).status_code == 404


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "1234567"])
def test_what_is_no_code_costs_no_try(mine: Client, code: str) -> None:
    press(mine, "code")
    assert press(mine, "verify", code=code).status_code == 400
    assert Contact.objects.get().code_tries == 0


def test_a_code_in_full_width_with_blanks_is_read(mine: Client) -> None:
    press(mine, "code")
    code = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code_in())
    assert "已验证" in words(press(mine, "verify", code=f" {code[:3]} {code[3:]} "))


def test_where_no_provider_is_connected_the_page_says_so(mine: Client, settings: Any) -> None:
    settings.SMS_PROVIDER = ""
    assert "本系统还没有接通这项服务" in words(mine.get(PAGE))
    assert press(mine, "code").status_code == 409


def test_the_page_is_found_from_the_messages(mine: Client) -> None:
    assert PAGE in mine.get("/messages/").content.decode()


def test_a_channel_s_words_are_those_of_its_own(mine: Client) -> None:
    """The enumeration is what the page shows, in its order."""
    assert [part["channel"] for part in mine.get(PAGE).context["parts"]] == list(Channel)


def test_an_id_stands_on_the_page_once() -> None:
    """An operator's page has the same fields for the telephone and for the e-mail address."""
    operator = browser(make_operator(make_enterprise()))
    page = operator.get(PAGE).content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert {"sms_address", "email_address"} <= set(ids)
    assert len(ids) == len(set(ids))
