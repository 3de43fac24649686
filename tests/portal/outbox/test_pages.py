"""消息外发: the province keeps channels and words of each event, and reads the log with masked addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Duty
from administration.enums import Channel, OfficeKind
from administration.models import Delivery, MessageChoice
from tests.administration.outbox.reached import EMAIL, NOON, PHONE, contact
from tests.factories import make_office, make_staff
from tests.workflow.browsing import browser, words

pytestmark = pytest.mark.django_db
LIST, LOG, EVENT = "/office/outbox/", "/office/outbox/log/", "/office/outbox/exam_result/"


@pytest.fixture
def clerk() -> Client:
    return browser(make_staff(make_office(kind=OfficeKind.PROVINCIAL), Duty.REGISTRY))


def given(**values: Any) -> dict[str, Any]:
    choice = MessageChoice.objects.get(event="exam_result")
    filled = {
        "sms_template": "SMS_2026001",
        "sms_text": "{1}，{2}公布。",
        "parameter_1": "title",
        "parameter_2": "date",
        "is_email_on": "on",
        "email_subject": choice.email_subject,
        "email_text": choice.email_text,
    }
    return {**filled, **values}


def test_the_province_turns_a_channel_on_with_an_approved_template(clerk: Client) -> None:
    assert "还没有接通短信、邮件服务" in words(clerk.get(LIST))
    answer = clerk.post(EVENT, given(is_sms_on="on"), follow=True)
    assert "已保存：考试结果。" in words(answer)
    assert "SMS_2026001" in words(answer)
    choice = MessageChoice.objects.get(event="exam_result")
    assert (choice.is_sms_on, choice.sms_parameters) == (True, ["title", "date"])
    assert 'value="SMS_2026001"' in clerk.get(EVENT).content.decode()


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(clerk: Client) -> None:
    answer = clerk.post(EVENT, given(is_sms_on="on", sms_template="", sms_text="只有{1}"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "须填写短信服务商审核通过的模板编号" in page
    assert "应从 {1} 连续编号，共 2 个" in page
    assert "只有{1}" in page
    assert not MessageChoice.objects.get(event="exam_result").is_sms_on


def test_a_template_number_has_no_words(clerk: Client) -> None:
    answer = clerk.post(EVENT, given(sms_template="模板一"))
    assert answer.status_code == 400
    assert "编号只有字母、数字" in words(answer)


@pytest.mark.parametrize("address", [LIST, LOG, EVENT])
def test_others_than_the_province_do_not_see_it(address: str) -> None:
    assert browser(make_staff(make_office(kind=OfficeKind.MUNICIPAL), Duty.DECIDE)).get(address).status_code == 403
    assert browser(make_staff(make_office(kind=OfficeKind.PROVINCIAL), Duty.REVIEW)).get(address).status_code == 403


def test_what_is_no_event_is_not_found(clerk: Client) -> None:
    assert clerk.get("/office/outbox/office_work/").status_code == 404
    assert clerk.get("/office/outbox/nothing/").status_code == 404


def test_the_log_masks_filters_and_pages(clerk: Client) -> None:
    assert "还没有外发过消息" in words(clerk.get(LOG))
    phone, mail = contact(), contact(Channel.EMAIL)
    Delivery.objects.create(
        contact=phone, event="exam_result", channel="sms", address=PHONE, state="sent", sent_at=NOON, attempts=1,
        receipt="undelivered", receipt_at=NOON + timedelta(minutes=1), receipt_code="MK:0001",
    )  # fmt: skip
    Delivery.objects.bulk_create(
        Delivery(contact=mail, event="account", channel="email", address=EMAIL, state="failed", last_error="SMTP 550")
        for _ in range(25)
    )
    first = clerk.get(LOG)
    assert words(first).count("SMTP550") == 20
    assert "z***@example.com" in words(first)
    assert "下一页" in words(first)
    assert EMAIL not in first.content.decode()
    sms = clerk.get(LOG, {"channel": "sms"})
    assert "138****1234" in words(sms)
    assert "MK:0001" in words(sms)
    assert "未送达" in words(sms)
    assert PHONE not in sms.content.decode()
    for state, count in (("undelivered", 1), ("sent", 1), ("failed", 20), ("waiting", 0)):
        assert len(clerk.get(LOG, {"state": state}).context["rows"]) == count
    assert "没有符合条件的记录" in words(clerk.get(LOG, {"event": "exam_changed"}))


def test_the_log_asks_as_often_for_one_row_as_for_twenty(clerk: Client, django_assert_max_num_queries: Any) -> None:
    mine = contact()
    for number in (1, 20):
        Delivery.objects.bulk_create(
            Delivery(contact=mine, event="account", channel="sms", address=PHONE) for _ in range(number)
        )
        with django_assert_max_num_queries(12):
            clerk.get(LOG)
