"""Which certificates an office below the province reads: those of its region, of people who work there or have a case there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind, RouteDesk
from administration.models import Office, OfficeRoute
from administration.offices.selectors import reach_of
from certificates.models import Certificate
from tests.factories import (
    Province,
    make_certificate,
    make_employment,
    make_enterprise,
    make_office,
    make_person,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> Province:
    return Province()


@pytest.fixture
def certificate(province: Province) -> Certificate:
    return make_certificate(make_person("欧阳·䶮"), make_enterprise(region="360102"), "B")


def status(client: Client, user: User, certificate: Certificate) -> int:
    client.force_login(user)
    address = f"/office/certificates/{certificate.pk}/"
    answers = {client.get(address).status_code, client.post(f"{address}reveal/").status_code}
    client.get(f"{address}document/")
    assert len(answers) == 1
    return answers.pop()


def test_the_province_and_the_city_of_the_enterprise_read_it(
    client: Client, province: Province, certificate: Certificate
) -> None:
    for user in (province.decider, province.reviewer):
        assert status(client, user, certificate) == 200


def test_another_city_does_not_and_its_search_does_not_find_it(
    client: Client, province: Province, certificate: Certificate
) -> None:
    assert status(client, province.stranger, certificate) == 403
    page = client.get("/office/certificates/?q=欧阳").text
    assert certificate.number not in page
    page = client.post("/office/certificates/", {"id_number": str(certificate.person.id_number)}).text
    assert certificate.number not in page
    client.force_login(province.reviewer)
    assert certificate.number in client.get("/office/certificates/?q=欧阳").text
    assert (
        certificate.number
        in client.post("/office/certificates/", {"id_number": str(certificate.person.id_number)}).text
    )


def test_a_city_reads_it_once_its_holder_works_there(
    client: Client, province: Province, certificate: Certificate
) -> None:
    employment = make_employment(certificate.person, make_enterprise(region="360402"), "07")
    assert status(client, province.stranger, certificate) == 200
    employment.delete()
    assert status(client, province.stranger, certificate) == 403


def test_a_certificate_without_enterprise_is_the_provinces(client: Client, province: Province) -> None:
    orphan = make_certificate(make_person(), None, "B")
    assert status(client, province.reviewer, orphan) == 403
    assert status(client, province.decider, orphan) == 200


def test_a_county_reads_its_own_alone(client: Client, province: Province, certificate: Certificate) -> None:
    county = make_office(kind=OfficeKind.COUNTY, region="360102")
    beside = make_office(kind=OfficeKind.COUNTY, region="360103")
    assert status(client, make_staff(county, Duty.COUNTER), certificate) == 200
    assert status(client, make_staff(beside, Duty.COUNTER), certificate) == 403


def test_the_reach_follows_the_routing_table(province: Province) -> None:
    assert reach_of(province.provincial.pk) is None
    nanchang = reach_of(province.municipal.pk)
    assert nanchang is not None
    assert {"360100", "360102", "360124"} <= nanchang
    assert "360402" not in nanchang
    county = make_office(kind=OfficeKind.COUNTY, region="360124")
    assert reach_of(county.pk) == {"360124"}
    OfficeRoute.objects.create(region_id="360402", desk=RouteDesk.MUNICIPAL, office=Office.objects.get(pk=county.pk))
    assert reach_of(county.pk) == {"360124", "360402"}


def test_the_search_of_a_city_takes_the_same_queries_for_one_and_for_twenty(
    client: Client, province: Province, certificate: Certificate, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    client.force_login(province.reviewer)
    one = count_queries(lambda: client.get("/office/certificates/?q=欧阳"))
    for _ in range(5):
        make_certificate(make_person("欧阳·䶮"), certificate.enterprise, "B")
    assert count_queries(lambda: client.get("/office/certificates/?q=欧阳")) == one
