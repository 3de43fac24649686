"""First issue after a passed exam: what is written, what is refused, and what two at once may not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest

from accounts.models import Person
from certificates.issuing.first_issue import FirstIssue, FirstIssued, issue_first
from certificates.models import Certificate, CertificateEvent, DocumentOrder, NumberCounter
from common.findings import Refused
from employment.models import Employment
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.concurrency import at_once
from tests.factories import Province, make_certificate, make_constructor, make_employment, make_enterprise, make_person
from workflow.business import register, unregister
from workflow.enums import Action, BarScope, Status
from workflow.models import Application, Bar
from workflow.services.acting import act, act_many

from .first_issue_world import NOW, Trial, file_trial, passed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trial(clock: Clock) -> Iterator[None]:
    clock.stop_at(NOW)
    register(Trial)
    yield
    unregister(Trial.kind)


@pytest.fixture
def province() -> Province:
    return Province()


@pytest.fixture
def enterprise() -> Enterprise:
    return make_enterprise()


def order(person: Person, enterprise: Enterprise, category: str = "C2", post: str = "08", **more: object) -> FirstIssue:
    return FirstIssue(
        person_id=person.pk,
        category=category,
        enterprise_id=enterprise.pk,
        post=post,
        **more,  # type: ignore[arg-type]
    )


def issue(province: Province, *orders: FirstIssue) -> FirstIssued:
    return issue_first(orders=orders, by=province.provincial_actor, now=NOW)


def codes(result: FirstIssued) -> list[str]:
    return [finding.code for found in result.refused.values() for finding in found]


def test_a_set_gets_numbers_in_one_block_with_term_trail_and_document(
    province: Province, enterprise: Enterprise
) -> None:
    NumberCounter.objects.create(year=2026, last=41)
    people = [passed(enterprise) for _ in range(3)]
    result = issue(province, *(order(person, enterprise, summary="2026年第三期考核合格") for person in people))
    assert not result.refused
    certificates = list(Certificate.objects.order_by("pk"))
    assert [one.number for one in certificates] == [f"赣建安C2（2026）{serial:07d}" for serial in (42, 43, 44)]
    assert {(one.origin, one.legal_state, one.latest_version) for one in certificates} == {("first_issue", "01", 1)}
    assert {(one.first_issued_on, one.ends_on) for one in certificates} == {(date(2026, 11, 23), date(2029, 11, 22))}
    event = CertificateEvent.objects.get(certificate=certificates[0])
    assert (event.operation, event.state_before, event.state_after) == ("01", "", "01")
    assert (event.kind, event.summary) == ("first_issue", "2026年第三期考核合格")
    assert DocumentOrder.objects.count() == 3
    assert all(".001." in version.identifier for version in result.issued.values())


def test_the_term_may_begin_earlier_but_not_later_and_not_be_over(province: Province, enterprise: Enterprise) -> None:
    early, late, over = (passed(enterprise) for _ in range(3))
    result = issue(
        province,
        order(early, enterprise, starts_on=date(2026, 11, 1)),
        order(late, enterprise, starts_on=date(2026, 11, 24)),
        order(over, enterprise, starts_on=date(2023, 11, 23)),
    )
    assert codes(result) == ["first_issue.term", "first_issue.term"]
    assert Certificate.objects.get().ends_on == date(2029, 10, 31)


def test_every_reason_is_told_at_once(province: Province, enterprise: Enterprise) -> None:
    person = make_person(registered=False, photo=False)
    result = issue(province, order(person, enterprise, "B", "08"))
    assert set(codes(result)) == {
        "person.not_registered",
        "person.no_id_photo",
        "first_issue.post",
        "first_issue.employer",
        "qualification.constructor",
    }
    assert not Certificate.objects.exists()
    assert not NumberCounter.objects.filter(last__gt=0).exists()


def test_one_refused_row_does_not_hold_up_the_others(province: Province, enterprise: Enterprise) -> None:
    good, bad = passed(enterprise), passed(enterprise, photo=False)
    result = issue(province, order(bad, enterprise), order(good, enterprise))
    assert codes(result) == ["person.no_id_photo"]
    assert Certificate.objects.get().person == good


def test_a_bar_stops_it_and_a_bar_of_leading_posts_only_a_and_b(province: Province, enterprise: Enterprise) -> None:
    person = passed(enterprise, "02", "08")
    Bar.objects.create(
        person=person, scope=BarScope.LEADING_POSTS, source="事故处罚", starts_on=NOW.date(), ends_on=date(2027, 1, 1)
    )
    result = issue(province, order(person, enterprise, "A", "02"), order(person, enterprise))
    assert codes(result) == ["bar.leading_posts"]
    assert Certificate.objects.get().category == "C2"


def test_a_b_needs_the_registration_as_constructor_at_the_same_enterprise(
    province: Province, enterprise: Enterprise
) -> None:
    person = passed(enterprise, "07")
    make_constructor(person, make_enterprise())
    assert codes(issue(province, order(person, enterprise, "B", "07"))) == ["qualification.constructor"]
    make_constructor(person, enterprise)
    assert not issue(province, order(person, enterprise, "B", "07")).refused


def test_edge_26_passed_then_changed_employer_before_issue_is_stopped_and_asked(
    province: Province, enterprise: Enterprise
) -> None:
    person = passed(enterprise)
    Employment.objects.update(ended_at=NOW, end_reason="by_enterprise")
    new = make_enterprise("江西新红谷建设有限公司")
    make_employment(person, new, "08")
    result = issue(province, order(person, enterprise))
    ((finding,),) = result.refused.values()
    assert finding.code == "first_issue.employer"
    assert "江西新红谷建设有限公司" in finding.detail
    assert finding.cure is not None


@pytest.mark.parametrize(
    ("held", "wanted", "code"),
    [("C2", ("C2", "08"), "holding.C-1"), ("C3", ("C1", "08"), "holding.C-2"), ("B", ("B", "07"), "holding.B-1")],
)
def test_holding_rules_are_looked_at_before_and_after(
    province: Province, enterprise: Enterprise, held: str, wanted: tuple[str, str], code: str
) -> None:
    person = passed(enterprise, "07", "08")
    make_certificate(person, enterprise, held, ends_on=date(2028, 4, 30))
    assert codes(issue(province, order(person, enterprise, *wanted))) == [code]


def test_a_holder_of_c1_who_passes_c2_gets_it_and_merges_then(province: Province, enterprise: Enterprise) -> None:
    person = passed(enterprise)
    make_certificate(person, enterprise, "C1", ends_on=date(2028, 4, 30))
    assert not issue(province, order(person, enterprise, "C2")).refused
    assert codes(issue(province, order(person, enterprise, "C1"))) == ["holding.C-1"]


def test_two_of_one_set_that_break_a_rule_only_together(province: Province, enterprise: Enterprise) -> None:
    first, second = passed(enterprise, "01"), passed(enterprise, "01")
    result = issue(province, order(first, enterprise, "A", "01"), order(second, enterprise, "A", "01"))
    assert codes(result) == ["holding.A-2"]
    assert Certificate.objects.get().person == first
    third = passed(enterprise, "08")
    result = issue(province, order(third, enterprise, "C3"), order(third, enterprise, "C2"))
    assert codes(result) == ["holding.C-2"]


def test_an_open_application_for_the_same_person_and_category_stops_it(
    province: Province, enterprise: Enterprise
) -> None:
    person = passed(enterprise)
    application = file_trial(person, enterprise)
    assert codes(issue(province, order(person, enterprise))) == ["first_issue.in_progress"]
    assert not issue(province, order(person, enterprise, application_id=application.pk)).refused


def test_a_second_open_first_issue_of_person_and_category_is_impossible(
    province: Province, enterprise: Enterprise
) -> None:
    person = passed(enterprise)
    file_trial(person, enterprise)
    with pytest.raises(Refused) as refused:
        file_trial(person, enterprise)
    assert [finding.code for finding in refused.value.findings] == ["first_issue.in_progress"]
    file_trial(person, enterprise, "C1")


def test_a_bulk_decision_issues_what_it_can_and_says_why_not_of_the_rest(
    province: Province, enterprise: Enterprise
) -> None:
    people = [passed(enterprise) for _ in range(3)]
    applications = [file_trial(person, enterprise) for person in people]
    Person.objects.filter(pk=people[1].pk).update(id_photo="")
    by = province.provincial_actor
    result = act_many([one.pk for one in applications], action=Action.APPROVE, actor=by, now=NOW)
    assert set(result.done) == {applications[0].pk, applications[2].pk}
    assert [finding.code for finding in result.refused[applications[1].pk]] == ["person.no_id_photo"]
    assert list(Certificate.objects.order_by("pk").values_list("serial", flat=True)) == [1, 2]
    assert {event.application_id for event in CertificateEvent.objects.all()} == set(result.done)


def test_eight_take_the_queries_of_one(
    province: Province, enterprise: Enterprise, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    counts = []
    for size in (1, 8):
        orders = [order(passed(enterprise), enterprise) for _ in range(size)]
        counts.append(count_queries(partial(issue, province, *orders)))
    assert counts[0] == counts[1]


# --- at once, on real locks ---


@pytest.mark.django_db(transaction=True)
def test_issuing_the_same_at_once_gives_one_certificate_and_no_gap() -> None:
    province, enterprise = Province(), make_enterprise()
    for round_number in range(1, 11):
        person = passed(enterprise)
        calls = [partial(issue, province, order(person, enterprise)) for _ in range(6)]
        outcomes = at_once(calls)
        results = [one for one in outcomes if isinstance(one, FirstIssued)]
        assert len(results) == 6, outcomes
        assert sum(bool(one.issued) for one in results) == 1
        assert {code for one in results for code in codes(one)} == {"holding.C-1"}
        assert Certificate.objects.count() == NumberCounter.objects.get(year=2026).last == round_number


@pytest.mark.django_db(transaction=True)
def test_filing_and_deciding_the_same_at_once_leaves_one() -> None:
    province, enterprise = Province(), make_enterprise()
    for _ in range(10):
        person = passed(enterprise)
        outcomes = at_once([partial(file_trial, person, enterprise) for _ in range(6)])
        assert sum(isinstance(one, Application) for one in outcomes) == 1
        assert all(isinstance(one, Application | Refused) for one in outcomes), outcomes
        (application,) = Application.objects.filter(person=person, status=Status.IN_REVIEW)
        decided = at_once(
            [
                partial(act, application.pk, action=Action.APPROVE, actor=province.provincial_actor, now=NOW),
                partial(issue, province, order(person, enterprise)),
            ]
        )
        assert decided[0] is None
        assert isinstance(decided[1], FirstIssued)
        assert not decided[1].issued
        assert Certificate.objects.filter(person=person).count() == 1
