"""A person verifies a telephone and an e-mail address, is told by both of a proposal, follows the link and accepts it.

The pages, the job, the SMS service and the mail server are real.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from administration.models import Contact, Delivery
from administration.outbox.sending import send_due
from employment.models import Employment
from tests.administration.outbox.reached import NOON, approve_templates, sms_service, smtp
from tests.clock import Clock
from tests.employment.pages import propose
from tests.factories import Province, make_enterprise, make_person
from tests.workflow.browsing import browser, words

pytestmark = pytest.mark.django_db
PAGE = "/messages/contact/"


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stop_at(NOON)


def press(client: Any, act: str, channel: str, **more: str) -> str:
    return words(client.post(PAGE, {"act": act, "channel": channel, **more}, follow=True))


def test_somebody_is_told_outside_follows_the_link_and_accepts(
    settings: Any, run_jobs: Callable[..., list[str]], django_capture_on_commit_callbacks: Any
) -> None:
    Province()
    approve_templates()
    person, enterprise = make_person(phone="13800001234", education="bachelor"), make_enterprise()
    phone = browser(person.user, verified=True)
    with sms_service(settings) as service, smtp(settings) as box:
        press(phone, "address", "email", address="zhang.san@example.com")
        for channel in ("sms", "email"):
            with django_capture_on_commit_callbacks(execute=True):
                assert "验证码已发出" in press(phone, "code", channel)
            assert run_jobs() == ["administration.send_deliveries"], "a code does not wait for the next minute"
        (sms,), ((_, mail),) = service.taken.values(), box.received
        assert "已验证" in press(phone, "verify", "sms", code=sms["parameters"][0])
        assert "已验证" in press(phone, "verify", "email", code=re.findall(r"验证码 ([0-9]{6})", mail.get_content())[0])

        application = propose(enterprise, person)
        assert (service.asked, len(box.received)) == (1, 1), "nothing is sent in a request"
        assert send_due(now=NOON) == 2
    told = service.taken[service.order[-1]]
    assert told["phone"] == "13800001234"
    assert application.number in told["parameters"][0]
    _, letter = box.received[-1]
    assert letter["To"] == "zhang.san@example.com"
    assert person.id_number not in letter.get_content() + str(told)
    (link,) = re.findall(r"http://testserver(/[^\s]+)", letter.get_content())
    assert application.number in words(phone.get(link, follow=True))
    assert "已同意" in words(phone.post(f"/m/applications/{application.number}/accept/", follow=True))
    assert Employment.objects.active().get(person=person).enterprise == enterprise
    page = words(phone.get(PAGE))
    assert page.count("已发送") == 4
    assert "有办件等待处理短信138****1234已发送" in page


def test_pages_do_not_notice_that_the_providers_are_away(settings: Any) -> None:
    """Both addresses are closed: whoever asked them would get an error at once."""
    Province()
    approve_templates()
    person, enterprise = make_person(), make_enterprise()
    with sms_service(settings), smtp(settings):
        pass
    for channel, address in (("sms", "13800001234"), ("email", "zhang.san@example.com")):
        Contact.objects.create(
            mailbox=person.mailbox, user_id=person.user_id, channel=channel, address=address, verified_at=NOON
        )
    application = propose(enterprise, person)
    assert send_due(now=NOON) == 0
    phone = browser(person.user, verified=True)
    assert application.number in words(phone.get("/messages/"))
    assert "待发送" in words(phone.get(PAGE))
    assert "已同意" in words(phone.post(f"/m/applications/{application.number}/accept/", follow=True))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
