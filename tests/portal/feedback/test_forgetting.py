"""What people have said is deleted after the days that the province sets; an answer in a mailbox stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Duty
from administration.models import Feedback, Message
from administration.nightly import run_nightly
from portal.home.feedback import services
from portal.home.feedback.services import answer_feedback
from tests.administration.outbox.reached import set_parameter
from tests.factories import make_office, make_person, make_staff
from tests.workflow.browsing import words

from .said import said

pytestmark = pytest.mark.django_db


def ago(days: float) -> dict[str, object]:
    return {"now": timezone.now() - timedelta(days=days)}


def test_what_is_older_than_the_parameter_is_deleted_answered_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PAGE", 2)
    set_parameter("feedback_days", 100)
    person, clerk = make_person(), make_staff(make_office(), Duty.DECIDE)
    answered = said(by=person.user, mailbox_id=person.mailbox_id, **ago(300))
    answer_feedback(answered.pk, answer="谢谢", by=clerk, now=timezone.now())
    for days in (200, 101, 100.5):
        said(**ago(days))
    kept = [said(**ago(days)).pk for days in (99.5, 0)]
    assert run_nightly("old_feedback").counts == {"deleted": 4}
    assert list(Feedback.objects.order_by("pk").values_list("pk", flat=True)) == kept
    assert "谢谢" in Message.objects.get(mailbox_id=person.mailbox_id).body
    assert services.forget_feedback(now=timezone.now()) == 0


def test_the_form_says_how_long_it_is_kept() -> None:
    set_parameter("feedback_days", 321)
    assert "满321天删除" in words(Client().get("/feedback/"))
