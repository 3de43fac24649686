"""The staffing board shows the same people and certificates as a plain walk over the tables, whatever is employed where."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from certificates.enums import IN_FORCE_STATES, DisplayStatus
from certificates.models import Certificate
from certificates.pages.staffing.board import Board
from employment.models import Employment
from tests.factories import make_certificate, make_employment, make_enterprise, make_person

pytestmark = pytest.mark.django_db
FILTERS: list[dict[str, Any]] = [
    {},
    {"category": "C1"},
    {"state": "none"},
    {"state": "none", "category": "B"},
    {"state": "expiring"},
    {"state": "abnormal"},
    {"name": "王"},
]


def test_the_board_is_what_a_plain_walk_finds() -> None:
    chance = random.Random(11)
    today = timezone.localdate()
    firms = [make_enterprise() for _ in range(3)]
    for number in range(24):
        person = make_person(name=f"{chance.choice('王李张')}{chance.choice('伟芳娜')}{number % 3 * '明'}")
        if chance.random() < 0.7:
            gone = {} if chance.random() < 0.8 else {"ended_at": timezone.now(), "end_reason": "agreed"}
            make_employment(person, chance.choice(firms), "08", **gone)
        for category in chance.sample(["A", "B", "C1"], chance.randrange(3)):
            made = make_certificate(person, chance.choice(firms), category)
            Certificate.objects.filter(pk=made.pk).update(
                legal_state=chance.choice(["01", "01", "02", "04", "06"]),
                display_status=chance.choice(DisplayStatus.values),
                ends_on=today + timedelta(chance.randrange(-10, 300)),
            )
    for firm in firms:
        board = Board(firm.pk, today)
        employed = {
            job.person_id
            for job in Employment.objects.order_by("pk")
            if job.ended_at is None and job.enterprise_id == firm.pk
        }
        held = [
            one
            for one in Certificate.objects.order_by("pk")
            if one.legal_state in IN_FORCE_STATES and (one.enterprise_id == firm.pk or one.person_id in employed)
        ]
        assert {one.pk for one in board.roster.certificates} == {one.pk for one in held}
        for wanted in FILTERS:
            category = wanted.get("category")
            kept = [one for one in held if _fits(one, wanted, today)]
            without = employed - {one.person_id for one in held if not category or one.category == category}
            if wanted.get("state") == "none":
                assert {one.pk for one in board.people_without(wanted)} == without, wanted
            else:
                assert {one.pk for one in board.certificates(wanted)} == {one.pk for one in kept}, wanted


def _fits(certificate: Certificate, wanted: dict[str, Any], today: Any) -> bool:
    state = wanted.get("state")
    return (
        wanted.get("category") in (None, certificate.category)
        and wanted.get("name", "") in certificate.person.name
        and (state != "expiring" or today <= certificate.ends_on <= today + timedelta(90))
        and (state != "abnormal" or certificate.display_status == "abnormal")
    )
