"""What a person holds in truth can be entered: the second of C1 and C2 stays abnormal until both are merged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certificates.enums import DisplayStatus
from certificates.models import Certificate
from certificates.state.display import status_of
from common.findings import Finding, Refused, blocking
from tests.certificates.test_edge_cases import decide
from tests.clock import Clock
from tests.factories import make_certificate
from tests.workflow.browsing import browser, words
from tests.worlds.additional_a import AdditionalAWorld
from tests.worlds.base import NOW
from tests.worlds.late_entry import LateEntryWorld
from workflow.business import business_of
from workflow.checks import Case, Facts, evaluate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


class Holder(LateEntryWorld):
    """He holds a certificate of the category `held` already, and enters a C2."""

    held = "C1"

    def build(self) -> None:
        super().build()
        make_certificate(self.person, self.enterprise, self.held)


def holder(category: str) -> Holder:
    return type("World", (Holder,), {"held": category})()  # type: ignore[no-any-return]


def before_the_form(world: LateEntryWorld) -> tuple[Case, list[Finding]]:
    case = replace(world.case(), payload={})
    return case, evaluate([case], Facts([case]))[case]


def test_the_second_of_c1_and_c2_is_entered_and_both_ask_for_the_merge() -> None:
    world = holder("C1")
    decide(world, world.file())
    world.check_effect()
    both = Certificate.objects.filter(person=world.person).order_by("category")
    assert [one.category for one in both] == ["C1", "C2"]
    for certificate in both:
        answer = status_of(certificate)
        assert answer.status == DisplayStatus.ABNORMAL
        (reason,) = [one for one in answer.reasons if one.code == "holding.C-1"]
        assert reason.cure is not None
        assert reason.cure.business == "c3_merge"


def test_the_page_before_the_form_says_that_a_merge_follows_and_what_cannot_be_entered() -> None:
    world = holder("C1")
    case, findings = before_the_form(world)
    assert blocking(findings) == []
    assert [one.message for one in findings if one.code == "late_entry.merge_follows"] == ["录入C2证以后还要合并为C3证"]
    impossible = [one.message for one in findings if one.code == "late_entry.impossible"]
    assert impossible == ["C1证现在不能录入", "C3证现在不能录入"]
    page = browser(world.person_user).get("/applications/new/late_entry/")
    assert "录入C2证以后还要合并为C3证" in words(page)
    assert "C1证现在不能录入" in words(page)
    assert case.subjects == ()


def test_who_holds_nothing_is_warned_of_nothing() -> None:
    _, findings = before_the_form(LateEntryWorld())
    assert [one.code for one in findings if one.code.startswith("late_entry.")] == []


def test_a_second_c2_is_still_refused() -> None:
    with pytest.raises(Refused) as caught:
        holder("C2").file()
    assert {one.code for one in caught.value.findings} == {"holding.C-1"}


def test_the_enterprise_for_which_an_a_is_held_is_not_offered_for_a_further_one() -> None:
    world = AdditionalAWorld()
    business = business_of("additional_a")
    offered = [query["enterprise"] for _, query in business.choices(world.filer)]
    assert offered
    place = int(offered[0])
    make_certificate(world.person, type(world.enterprise).objects.get(pk=place), "A", post="01")
    assert str(place) not in [query["enterprise"] for _, query in business.choices(world.filer)]
