"""The pages that a person opens first take few statements, whatever stands on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Person, User
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate
from exams.models import ExamBatch
from tests.clock import Clock
from tests.exams.exam_world import ExamWorld, make_entry
from tests.factories import make_person
from tests.worlds.base import NOW
from tests.worlds.employment_renewal import EmploymentRenewalWorld
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld
from workflow.actors import SYSTEM
from workflow.enums import BarScope
from workflow.models import Bar

pytestmark = pytest.mark.django_db
MOST = 6
"""Session, login, person, holdings and the rest of the page take one each; the calendar one where a certificate ends soon."""
HOME, CERTIFICATES = "/person/", "/person/certificates/"


def _pages(person: Person) -> Iterator[tuple[str, int]]:
    client = Client()
    user = person.user
    assert isinstance(user, User)
    client.force_login(user)
    for address in (HOME, CERTIFICATES):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(address).text
        yield page, len(captured)


def test_a_person_with_everything_takes_as_few_statements_as_one_without(clock: Clock) -> None:
    clock.stop_at(NOW)
    world = ExtensionWorld()
    world.file()
    person = world.person
    make_entry(person, world.enterprise, ExamWorld().batch)
    Bar.objects.create(
        person=person, scope=BarScope.EXAM, source="考试作弊", starts_on=NOW.date(), ends_on=date(2099, 1, 1)
    )
    for certificate in Certificate.objects.filter(person=person):
        issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=NOW)
    (home, home_costs), (certificates, certificates_cost) = _pages(person)
    assert home_costs <= MOST, home_costs
    assert certificates_cost <= MOST, certificates_cost
    number = Certificate.objects.get(person=person).number
    assert all(words in home for words in (number, "证书延续", "2099年1月1日", ExamBatch.objects.get().name))
    assert all(words in certificates for words in (number, "2099年1月1日", "电子证书签发中"))
    assert [cost for _, cost in _pages(make_person())] <= [home_costs, certificates_cost]


@pytest.mark.parametrize(
    ("world_of", "words"),
    [(EmploymentStartWorld, "向您发起了聘用"), (EmploymentRenewalWorld, "提出续签、变更")],
)
def test_what_an_enterprise_proposes_takes_no_statement_more(
    clock: Clock, world_of: type[EmploymentStartWorld] | type[EmploymentRenewalWorld], words: str
) -> None:
    clock.stop_at(NOW)
    world = world_of()
    world.file()
    (home, home_costs), (certificates, certificates_cost) = _pages(world.person)
    assert home_costs <= MOST, home_costs
    assert certificates_cost <= MOST, certificates_cost
    assert all(said in home for said in (words, "有 1 件待办等您处理", world.enterprise.name))
    in_menu = '<span class="count"><span class="visually-hidden">有 </span>1<'
    assert in_menu in home, "the menu of the page counts what the page has read"
    assert in_menu in certificates
