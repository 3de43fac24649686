"""Asks the conditions of 考试报名 of many people at once.

An entry is no application, so these checks are its only rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, TypeVar

from administration.parameters.book import ParameterBook
from certificates.issuing.first_issue_rules import bar_scopes_of, category_of
from certificates.rules.out_of_province import none_valid_out_of_province
from common.findings import Finding
from exams.models import ExamBatch, ExamEntry
from workflow.business import Business
from workflow.checks import Case, Check, Facts, evaluate
from workflow.enums import BarScope
from workflow.rules import enterprise_exists, has_id_photo, not_barred, real_name_registered

from . import rules
from .exam_times import no_other_exam_then
from .exam_types import type_fits

Key = TypeVar("Key")


@dataclass(frozen=True)
class Candidate:
    """Names one person for one category of a batch."""

    person_id: int
    category: str
    post: str


class SignUp(Business):
    """This business is not registered: it only lets the checks run on facts in sets and answer all findings at once."""

    kind, title = "exam_sign_up", "考试报名"
    checks: ClassVar[tuple[Check, ...]] = (
        rules.batch_stands,
        rules.within_sign_up,
        rules.offered_here,
        type_fits,
        rules.places_left,
        real_name_registered,
        has_id_photo,
        enterprise_exists,
        rules.works_here,
        rules.of_age,
        rules.educated,
        rules.registered_constructor,
        rules.not_held_yet,
        rules.not_entered_yet,
        no_other_exam_then,
        not_barred,
        none_valid_out_of_province,
    )

    def bar_scopes(self, case: Case) -> Collection[str]:
        return (BarScope.EXAM, *bar_scopes_of(category_of(case)))


SIGN_UP = SignUp()
_OF_BATCHES = frozenset({
    rules.batch_stands, rules.within_sign_up, rules.offered_here, type_fits, rules.places_left, rules.not_entered_yet,
    no_other_exam_then,
})  # fmt: skip


class BeforeSignUp(SignUp):
    """It asks what can be asked of a person before there is a batch."""

    checks = tuple(check for check in SignUp.checks if check not in _OF_BATCHES)


BEFORE_SIGN_UP = BeforeSignUp()


def of_candidates(
    batch: ExamBatch, candidates: Sequence[Candidate], *, enterprise_id: int, on: date
) -> dict[Candidate, list[Finding]]:
    """Takes a constant number of queries for any number of candidates of one enterprise."""
    cases = {
        one: _case(batch.pk, one.person_id, enterprise_id, one.category, one.post, on=on, is_filing=True)
        for one in candidates
    }
    return _answers(cases)


def of_entries(entries: Iterable[ExamEntry], *, on: date) -> dict[int, list[Finding]]:
    """Maps an entry to its findings for the review, because a condition met at sign-up may fail by then."""
    cases = {entry.pk: case_of(entry, on=on) for entry in entries}
    return _answers(cases)


def case_of(entry: ExamEntry, *, on: date) -> Case:
    case = _case(entry.batch_id, entry.person_id, entry.enterprise_id, entry.category, entry.post, on=on)
    return replace(case, payload={**case.payload, "entry": entry.pk}, claims=(f"entry:{entry.pk}",))


def _case(
    batch_id: int, person_id: int, enterprise_id: int, category: str, post: str, *, on: date, is_filing: bool = False
) -> Case:
    return Case(
        business=SIGN_UP,
        filing_day=on,
        on=on,
        person_id=person_id,
        enterprise_id=enterprise_id,
        # Cases are compared without their payload, so a claim distinguishes two categories of one person.
        claims=(f"{person_id}:{category}:{post}",),
        payload={"batch": batch_id, "category": category, "post": post},
        is_filing=is_filing,
    )


def _answers(cases: dict[Key, Case]) -> dict[Key, list[Finding]]:
    if not cases:
        return {}
    facts = Facts(list(cases.values()), ParameterBook.load())
    found = evaluate(facts.cases, facts)
    return {key: found[case] for key, case in cases.items()}
