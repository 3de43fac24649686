"""The stage `nightly` runs every nightly job that asks no other server, and takes back what they did."""

from __future__ import annotations

import pytest
from django.db import connection

from administration.models import JobRun, Message
from administration.nightly import NIGHTLY_JOBS
from certificates.models import Certificate
from devtools.bench.data import generate
from devtools.bench.nightly import AGED, ASKS_OTHERS, nights


@pytest.mark.django_db
def test_every_nightly_job_is_measured_and_taken_back() -> None:
    generate(100)
    states = list(Certificate.objects.order_by("pk").values_list("legal_state", "display_status"))
    messages = Message.objects.count()
    found = {night.name: night for night in nights()}
    assert found.keys() == set(NIGHTLY_JOBS.names()) - ASKS_OTHERS
    assert set(NIGHTLY_JOBS.names()) >= ASKS_OTHERS
    assert {name for name, night in found.items() if not night.done}.isdisjoint(AGED)
    assert all(night.statements > 0 and night.seconds >= 0 for night in found.values())
    assert list(Certificate.objects.order_by("pk").values_list("legal_state", "display_status")) == states
    assert (Message.objects.count(), JobRun.objects.count()) == (messages, 0)
    assert not connection.needs_rollback
