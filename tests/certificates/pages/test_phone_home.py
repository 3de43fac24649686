"""The first page of the phone: what waits, the own certificates with the way to show them, and the way to everything else."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from certificates.issuing.versions import issue_electronic
from certificates.models import Certificate
from tests.clock import Clock
from tests.factories import make_certificate, make_person
from tests.worlds.base import NOW
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld
from workflow.actors import SYSTEM
from workflow.enums import Action
from workflow.services.acting import act

pytestmark = pytest.mark.django_db
HOME = "/m/"
MOST = 6
"""Session, login, holdings, the rest of the page, and what the task is about; the calendar where a certificate ends soon."""


@pytest.fixture(autouse=True)
def today(clock: Clock) -> datetime:
    clock.stop_at(NOW)
    return NOW


def of(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


def cost(client: Client) -> int:
    client.get(HOME)
    with CaptureQueriesContext(connection) as captured:
        client.get(HOME)
    return len(captured)


def test_a_task_stands_first_and_leads_to_its_decision() -> None:
    world = EmploymentStartWorld()
    application = world.file()
    text = of(world.person).get(HOME).text
    assert text.index(">我的待办") < text.index("我的证书")
    assert world.enterprise.name in text
    assert f'href="/m/applications/{application.number}/">立即处理' in text
    assert "2026年" in text.split("（含）前处理")[0]
    assert '<span class="visually-hidden">，1 件</span>' in text, "the bar counts what waits"


def test_what_was_returned_is_mended_from_the_phone() -> None:
    world = ExtensionWorld()
    application = world.file()
    act(application.pk, action=Action.REJECT, actor=world.holder(application), comment="不同意")
    person = world.person
    assert "没有待办事项" in of(person).get(HOME).text
    again = ExtensionWorld()
    returned = again.file()
    while returned.desk not in ("municipal", "county"):
        act(returned.pk, action=Action.APPROVE, actor=again.holder(returned))
        returned.refresh_from_db()
    act(returned.pk, action=Action.RETURN, actor=again.holder(returned), comment="请补正")
    assert f'href="/applications/{returned.number}/edit/">补正并重新提交' in of(again.person).get(HOME).text
    page = of(again.person).get(f"/m/applications/{returned.number}/").text
    assert f'href="/applications/{returned.number}/edit/"' in page


def test_certificates_are_shown_with_the_way_to_hold_them_up() -> None:
    world = ExtensionWorld()
    certificate = world.certificate
    before = of(world.person).get(HOME).text
    assert certificate.number in before
    assert "出示证书" not in before, "an old record has no code yet"
    issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=NOW)
    after = of(world.person).get(HOME).text
    assert f'href="/m/certificates/{certificate.pk}/">出示证书' in after


def test_somebody_with_nothing_finds_the_way_on() -> None:
    text = of(make_person()).get(HOME).text
    assert "没有按身份证号匹配到证书" in text
    for address in ("/m/", "/applications/", "/m/tasks/", "/person/training/", "/m/me/"):
        assert f'<a href="{address}"' in text, address
    assert text.count('aria-current="page"') == 1


@pytest.mark.parametrize("address", ["/m/", "/m/tasks/", "/m/me/"])
def test_the_bar_marks_the_room_in_which_one_stands(address: str) -> None:
    text = of(make_person()).get(address).text
    assert f'<a href="{address}" aria-current="page">' in text
    assert text.count("aria-current") == 1


def test_the_page_of_oneself_leads_to_everything_of_the_platform() -> None:
    text = of(make_person("欧阳·䶮")).get("/m/me/").text
    for address in ("/person/", "/person/certificates/", "/applications/new/", "/person/employment/", "/person/exams/"):
        assert f'href="{address}"' in text, address
    assert "欧阳·䶮" in text


def test_the_cost_is_the_same_whatever_stands_on_it() -> None:
    nothing = cost(of(make_person()))
    world = ExtensionWorld()
    world.file()
    for certificate in Certificate.objects.filter(person=world.person):
        issue_electronic(certificate_id=certificate.pk, by=SYSTEM, now=NOW)
    assert cost(of(world.person)) <= MOST
    proposal = EmploymentStartWorld()
    proposal.file()
    with_task = cost(of(proposal.person))
    assert nothing <= with_task <= MOST
    for category in ("A", "C2"):
        make_certificate(proposal.person, proposal.enterprise, category, ends_on=date(2029, 1, 1))
    assert cost(of(proposal.person)) == with_task
