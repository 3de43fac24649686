"""The cool-down holds as the manual says; the exception near the end is a dated parameter, off by default, and told where it applies."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from administration.models import Parameter
from common.findings import Refused
from tests.clock import Clock
from tests.worlds.base import NOW, TODAY
from tests.worlds.employer_change import EmployerChangeWorld
from workflow.enums import Status

pytestmark = pytest.mark.django_db


class EndingSoon(EmployerChangeWorld):
    """The certificate ends before the six months since its last change are over."""

    ends_on = date(2027, 1, 31)

    def build(self) -> None:
        super().build()
        self.certificate.last_change_on = date(2026, 9, 1)
        self.certificate.save()

    def page(self) -> str:
        client = Client()
        client.force_login(self.person_user)
        return client.get(f"/applications/new/employer_change/?certificate={self.certificate.pk}").text


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def spare(on: date = TODAY) -> None:
    Parameter.objects.create(
        key="cool_down_spares_ending", value=1, effective_from=on, document_number="赣建〔2026〕9号"
    )


def test_the_six_months_hold_also_near_the_end_and_the_page_says_when_they_are_over() -> None:
    world = EndingSoon()
    with pytest.raises(Refused) as refused:
        world.file()
    (finding,) = refused.value.findings
    assert finding.code == "change.cool_down"
    assert "2027年3月1日起可再次申请" in finding.detail
    assert "距上次变更已满" not in world.page()


def test_where_the_parameter_spares_it_the_page_says_so() -> None:
    spare()
    world = EndingSoon()
    page = world.page()
    assert f"{world.certificate.number}在间隔期满前到期，不受变更间隔限制" in page
    assert "2027年3月1日满 6 个月，证书2027年1月31日到期" in page
    assert world.file().status == Status.IN_REVIEW
    assert "证书在间隔期满前到期的，不受间隔限制" in Client().get("/guides/employer_change/").text


def test_the_exception_holds_from_its_day_only() -> None:
    spare(date(2026, 11, 24))
    with pytest.raises(Refused):
        EndingSoon().file()
    assert "不受间隔限制" not in Client().get("/guides/employer_change/").text
