"""Whatever an operator of an enterprise may send is closed to one who may only read, but for what is named here.

The access decorators ask for a right at every POST (`accounts.access.rights`), so a new page is closed by itself. Each
address that says otherwise stands here with the reason.
"""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.access.rights import Right
from accounts.enums import Sphere
from administration.models import AuditEntry
from enterprises.ca_login.backend import BACKEND
from enterprises.enums import OperatorRole
from tests.factories import make_enterprise, make_operator

from .test_addresses import ALL, access_of, sample
from .test_body_ids import POSTS

OWN = "the login's own belongings"
TAKES = "hands out what the reader may see, and notes it"
OPEN_TO_READERS = {
    "resume/": OWN,
    "security/sessions/end/": OWN,
    "messages/contact/": OWN,
    "messages/<int:pk>/open/": "leads on; a reader leaves the message unread",
    "enterprise/changes/export/": TAKES,
    "enterprise/deadlines/export/": TAKES,
    "enterprise/employment/contracts/export/": TAKES,
    "enterprise/staff/export/": TAKES,
    "enterprise/staff/archive/order/": TAKES,
    "enterprise/staff/archive/take/": TAKES,
    "enterprise/employment/export/": TAKES,
    "enterprise/exams/entries/export/": TAKES,
    "enterprise/exams/<int:pk>/admit-cards/": TAKES,
}
CONFIRMS = {
    "enterprise/confirmations/",
    "enterprise/confirmations/<slug:number>/",
    "applications/<slug:number>/decide/",
}
MANAGES = {route for route in POSTS if route.startswith("enterprise/keys/")}


def of_operators() -> list[str]:
    found = ((route, access_of(ALL[route])) for route in POSTS)
    return [route for route, access in found if access and access.spheres and Sphere.OPERATOR in access.spheres]


def right_of(route: str) -> Right:
    access = access_of(ALL[route])
    assert access is not None
    return access.post_right


def test_exceptions_are_named() -> None:
    assert {route for route in of_operators() if right_of(route) == Right.READ} == OPEN_TO_READERS.keys()
    assert {route for route in of_operators() if right_of(route) == Right.CONFIRM} == CONFIRMS
    assert {route for route in of_operators() if right_of(route) == Right.MANAGE} == MANAGES


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(set(of_operators()) - OPEN_TO_READERS.keys()))
def test_a_reader_is_refused_by_every_address_that_takes_a_post(route: str) -> None:
    enterprise = make_enterprise()
    make_operator(enterprise, "管理䶮")
    client = Client(raise_request_exception=False)
    client.force_login(make_operator(enterprise, "查阅", role=OperatorRole.READER), backend=BACKEND)
    answer = client.post(sample(route), {"anything": "1"})
    assert answer.status_code == 403
    (finding,) = answer.context["refusals"]
    assert finding.code == "operator.no_right"
    assert "管理䶮" in finding.detail, "it says who may"
    assert AuditEntry.objects.filter(action="refused").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(CONFIRMS))
def test_a_clerk_confirms_only_when_the_switch_is_on(route: str) -> None:
    enterprise = make_enterprise()
    for may_confirm in (False, True):
        client = Client(raise_request_exception=False)
        user = make_operator(enterprise, role=OperatorRole.CLERK, may_confirm=may_confirm)
        client.force_login(user, backend=BACKEND)
        assert (client.post(sample(route)).status_code == 403) is not may_confirm
