"""The national holding rules, each with both outcomes, and what a decision is refused for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from certificates.holding import SENTENCES, Held, newly_caused, violations
from certificates.models import Certificate
from common.findings import Refused
from employment.models import Employment
from tests.clock import Clock
from tests.factories import make_certificate, make_employment, make_enterprise, make_person
from tests.worlds.additional_a import AdditionalAWorld
from tests.worlds.base import NOW
from tests.worlds.cancellation import CancellationWorld
from tests.worlds.correction import CorrectionWorld
from tests.worlds.late_entry import LateEntryWorld
from tests.worlds.post_change import PostChangeWorld
from workflow.enums import Action, Status
from workflow.services.acting import act

E1, E2, E3 = 1, 2, 3


def held(*rows: tuple[str, int | None] | tuple[str, int | None, str]) -> list[Held]:
    """(category, enterprise, post) of one person's certificates, numbered from 1."""
    return [
        Held(pk, 7, row[1], row[0], row[2] if len(row) > 2 else {"A": "02", "B": "07"}.get(row[0], "08"))
        for pk, row in enumerate(rows, 1)
    ]


def broken(rows: list[Held], employer: int | None = E1) -> set[str]:
    return {one.code for one in violations(rows, {7: employer})}


@pytest.mark.parametrize(
    ("code", "right", "wrong"),
    [
        ("A-1", held(("A", E1), ("A", E2, "01")), held(("A", E1), ("A", E2))),
        ("A-1", held(("A", E1, "01"), ("A", E2, "01")), held(("A", E1, "01"), ("A", E1, "01"))),
        ("A-3", held(("A", E1), ("B", E1)), held(("A", E1), ("B", E2))),
        ("A-3", held(("A", E1), ("A", E2, "01"), ("C1", E2)), held(("A", E1), ("A", E2, "01"), ("C1", E3))),
        ("B-1", held(("B", E1)), held(("B", E1), ("B", E1))),
        ("BC-1", held(("B", E1), ("C1", E1)), held(("B", E1), ("C1", E2))),
        ("BC-1", held(("C1", E1)), held(("B", None), ("C3", E1))),
        ("C-1", held(("C1", E1)), held(("C1", E1), ("C2", E1))),
        ("C-1", held(("C2", E1)), held(("C2", E1), ("C2", E1))),
        ("C-2", held(("C3", E1)), held(("C3", E1), ("C1", E1))),
        ("C-2", held(("C3", E1), ("B", E1)), held(("C3", E1), ("C3", E1))),
    ],
)
def test_each_rule_has_both_outcomes(code: str, right: list[Held], wrong: list[Held]) -> None:
    assert code not in broken(right)
    assert code in broken(wrong)
    assert code in SENTENCES
    # What is not in force counts for nothing.
    assert broken([replace(one, in_force=False) for one in wrong]) == set()


def test_rule_a_2_looks_at_the_whole_enterprise() -> None:
    mine = Held(1, 7, E1, "A", "01")
    assert not violations([mine, Held(2, 8, E2, "A", "01"), Held(3, 9, E1, "A", "02")], {})
    (found,) = violations([mine, Held(2, 8, E1, "A", "01")], {})
    assert (found.code, found.certificate_ids) == ("A-2", {1, 2})


@pytest.mark.parametrize(("employer", "marked"), [(E1, {2}), (E2, {1}), (E3, {1, 2}), (None, {1, 2})])
def test_a_pair_marks_the_certificate_that_is_not_at_the_employer(employer: int | None, marked: set[int]) -> None:
    (found,) = violations(held(("B", E1), ("C1", E2)), {7: employer})
    assert found.marked == marked


def test_only_what_is_new_is_caused() -> None:
    before = violations(held(("B", E1), ("C1", E2), ("C2", E2)), {})
    assert {one.code for one in before} == {"BC-1", "C-1"}
    left = violations(held(("B", E1), ("C1", E2)), {})
    assert {one.code for one in left} == {"BC-1"}
    assert newly_caused(before, left) == []
    more = violations(held(("B", E1), ("C1", E2), ("C2", E2), ("B", E1)), {})
    assert {one.code for one in newly_caused(before, more)} == {"B-1", "BC-1"}
    assert newly_caused([], left) == left


# --- at the decision ---


@pytest.fixture
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def codes(call: Callable[[], object]) -> set[str]:
    with pytest.raises(Refused) as refused:
        call()
    return {finding.code for finding in refused.value.findings}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_one_of_three_that_break_a_rule_together_may_be_cancelled() -> None:
    """Inherited: B here, C1 and C2 elsewhere. What remains after the cancellation is no worse than before."""
    world = CancellationWorld()
    elsewhere = make_enterprise()
    make_certificate(world.person, elsewhere, "C1")
    world.certificate = make_certificate(world.person, elsewhere, "C2")
    application = world.file()
    while application.is_open:
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    assert application.status == Status.APPROVED


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_the_a_beside_a_b_is_not_cancelled_first() -> None:
    """Cancelling an A can newly break A-3 where another A stands elsewhere."""
    world = CancellationWorld()
    make_certificate(world.person, make_enterprise(), "A", post="01")
    world.certificate = make_certificate(world.person, world.enterprise, "A", post="02")
    assert codes(world.file) == {"holding.A-3"}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_an_added_a_does_not_make_a_second_legal_representative() -> None:
    world = AdditionalAWorld()
    former = make_certificate(make_person("周前任"), world.other, "A", post="01")
    assert codes(world.file) == {"holding.A-2"}
    Certificate.objects.filter(pk=former.pk).update(legal_state="04")
    assert world.file().status == Status.IN_REVIEW


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_a_post_change_does_not_make_a_second_legal_representative() -> None:
    world = PostChangeWorld()
    Employment.objects.filter(person=world.person).update(posts=["01", "02"])
    make_certificate(make_person("周前任"), world.enterprise, "A", post="01")

    def file() -> None:
        case = world.case()
        world.case = lambda: replace(case, payload=dict(case.payload) | {"post": "01"})  # type: ignore[method-assign]
        world.file()

    assert codes(file) == {"holding.A-2"}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_a_late_entry_that_breaks_a_rule_is_refused() -> None:
    """Beside a C1 the C2 is entered and both are merged (rules/test_entering.py); a second C2 is one too many."""
    world = LateEntryWorld()
    make_certificate(world.person, world.enterprise, "C2")
    assert codes(world.file) == {"holding.C-1"}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_people_of_one_batch_are_not_blamed_for_each_other() -> None:
    world = CorrectionWorld()
    bad = make_person("周别人")
    make_employment(bad, world.enterprise, "08")
    make_certificate(bad, world.enterprise, "C1", ends_on=date(2028, 4, 30))
    make_certificate(bad, world.enterprise, "C2", ends_on=date(2028, 4, 30))
    assert world.file().status == Status.IN_REVIEW
