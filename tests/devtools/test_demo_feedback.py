"""The demonstration has something that people have said, answered and waiting, of persons and of strangers."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.enums import Duty
from administration.enums import OfficeKind
from administration.models import Feedback, Message
from common.web.addresses import speakable_path
from devtools.demo.context import DemoContext
from devtools.demo.feedback import OF_STRANGERS, SAID, build
from tests.factories import make_office, make_person, make_staff

pytestmark = pytest.mark.django_db


def test_some_is_answered_and_some_waits() -> None:
    make_staff(make_office(kind=OfficeKind.PROVINCIAL, region="360000"), Duty.DECIDE)
    build(DemoContext(today=timezone.localdate(), people=[make_person() for _ in SAID]))
    rows = list(Feedback.objects.order_by("pk"))
    assert len(rows) == len(SAID) + len(OF_STRANGERS)
    answered = [one for one in rows if one.answered_at]
    assert 0 < len(answered) < len(SAID)
    assert {one.mailbox_id for one in answered} == set(Message.objects.values_list("mailbox_id", flat=True))
    assert [one.page for one in rows if speakable_path(one.page) != one.page] == []
    assert all(one.answered_at <= timezone.now() for one in answered if one.answered_at)
