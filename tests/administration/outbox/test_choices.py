"""The province chooses by which channels an event is told, and in which approved words."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from administration.messages.events import EVENTS
from administration.models import AuditEntry, MessageChoice
from administration.outbox.choices import FIELDS, change_choice, choices, told_outside
from common.findings import Refused
from tests.administration.outbox.reached import NOON, SYSTEM
from tests.factories import make_id_number

pytestmark = pytest.mark.django_db


def changed(event: str = "exam_result", **values: Any) -> list[str]:
    choice = MessageChoice.objects.get(event=event)
    given = {name: values.get(name, getattr(choice, name)) for name in FIELDS}
    return change_choice(event, values=given, by=SYSTEM, now=NOON)


def test_every_installation_begins_with_a_choice_for_every_event_that_leaves_the_portal() -> None:
    assert [one.event for one in choices()] == told_outside()
    assert set(EVENTS) - set(told_outside()) == {"office_work"}
    assert all(one.is_email_on and not one.is_sms_on for one in choices())
    assert "{验证码}" in MessageChoice.objects.get(event="contact_code").email_text


def test_what_was_changed_is_audited_with_its_new_words() -> None:
    names = changed(is_sms_on=True, sms_template="SMS_2026001", sms_text="考试{1}", sms_parameters=["title"])
    assert names == ["is_sms_on", "sms_template", "sms_text"]
    entry = AuditEntry.objects.get(action="message_choice.change")
    assert entry.detail["event"] == "exam_result"
    assert entry.detail["sms_template"] == "SMS_2026001"
    assert changed() == []
    assert AuditEntry.objects.filter(action="message_choice.change").count() == 1


@pytest.mark.parametrize(
    ("event", "values", "at"),
    [
        ("exam_result", {"is_sms_on": True}, ["sms_template"]),
        ("exam_result", {"is_sms_on": True, "sms_template": "T", "sms_text": ""}, ["sms_text", "sms_text"]),
        ("exam_result", {"sms_text": "{1}和{2}"}, ["sms_text"]),
        ("exam_result", {"sms_text": "{2}"}, ["sms_text"]),
        ("exam_result", {"email_subject": ""}, ["email_subject"]),
        ("exam_result", {"email_text": "{验证码}"}, ["sms_parameters"]),
        ("exam_result", {"sms_parameters": ["code"]}, ["sms_parameters"]),
        ("contact_code", {"email_text": "没有"}, ["email_text"]),
        ("contact_code", {"is_sms_on": True, "sms_template": "T", "sms_parameters": ["title"]}, ["sms_parameters"]),
    ],
)
def test_wrong_words_are_refused_at_their_field(event: str, values: dict[str, Any], at: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        changed(event, **values)
    assert [one.facts["field"] for one in refused.value.findings] == at


def test_an_id_number_is_no_part_of_a_template() -> None:
    with pytest.raises(Refused, match="身份证号码"):
        changed(email_text=f"号码 {make_id_number()}")


@pytest.mark.parametrize("wrong", [{"is_sms_on": True, "sms_template": ""}, {"is_email_on": True, "email_text": ""}])
def test_the_database_takes_no_channel_without_its_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageChoice.objects.filter(event="exam_result").update(**wrong)
