"""Checks that the public pages ask few statements, and that they always tell the present state."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from certificates.enums import LegalState
from certificates.facts import reading
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate, OutOfProvinceCertificate
from certificates.public import lookup, selectors
from employment.enums import EndReason
from employment.models import Employment
from enterprises.enums import EnterpriseStatus
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.factories import make_certificate, make_employment, make_enterprise, make_person
from workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
STATEMENTS = 2
"""One counts the request, one finds the certificate and reads all facts about its holder."""


def test_one_statement_and_the_count_and_every_change_is_seen_at_once(
    client: Client, clock: Clock, django_assert_num_queries: Any
) -> None:
    clock.stop_at(NOW)
    person, enterprise = make_person("欧阳·䶮𬭎"), make_enterprise()
    job = make_employment(person, enterprise, "07", "08", "02")
    certificate = make_certificate(person, enterprise, "C1")
    for category in ("A", "C2"):
        make_certificate(person, enterprise, category)
    Certificate.objects.exclude(pk=certificate.pk).update(legal_state=LegalState.CANCELLED)
    version = issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=NOW)
    wanted = {"number": certificate.number, "name": person.name}

    def verdict() -> str:
        with django_assert_num_queries(STATEMENTS):
            page = client.get(f"/v/{version.token}/").text
        with django_assert_num_queries(STATEMENTS):
            answer = client.post("/lookup/", wanted).text
        found = certificate.number in answer.split('<section id="result"')[1].split("</section>")[0]
        shown = page.split("<h1>")[1].split("</h1>")[0].split(">")[-2].split("<")[0]
        assert found == (shown == "有效")
        return shown

    assert verdict() == "有效"
    rows = Certificate.objects.filter(pk=certificate.pk)
    for state, word in ((LegalState.REVOKED, "已撤销"), (LegalState.SUSPENDED, "已暂扣"), (LegalState.VALID, "有效")):
        rows.update(legal_state=state)
        assert verdict() == word
    Employment.objects.filter(pk=job.pk).update(ended_at=NOW, end_reason=EndReason.BY_PERSON)
    assert verdict() == "异常状态"
    Employment.objects.filter(pk=job.pk).update(ended_at=None, end_reason="")
    Enterprise.objects.filter(pk=enterprise.pk).update(status=EnterpriseStatus.REVOKED, dissolved_on=NOW.date())
    assert verdict() == "异常状态"
    Enterprise.objects.filter(pk=enterprise.pk).update(status=EnterpriseStatus.EXISTING, dissolved_on=None)
    other = OutOfProvinceCertificate.objects.create(
        id_number_index=person.id_number_index,
        number="浙建安C（2022）0000001",
        province="浙江省",
        category="C1",
        name=person.name,
        enterprise_name="甲公司",
        valid_to=date(2099, 1, 1),
    )
    assert verdict() == "异常状态"
    OutOfProvinceCertificate.objects.filter(pk=other.pk).update(valid_to=NOW.date() - timedelta(days=1))
    assert verdict() == "有效"


def test_the_driver_keeps_the_parsed_form_of_the_statements() -> None:
    """It does so below 4,096 characters; parsing one anew for each request costs more than sending it."""
    finders = (lookup._BY_NUMBER, lookup._BY_INDEX, selectors._BY_TOKEN, selectors._BY_FILE, selectors._BY_IDENTIFIER)
    assert {finder.statement for finder in finders if len(finder.statement) >= 4096} == set()
    assert len(reading._OF_PEOPLE) < 4096
