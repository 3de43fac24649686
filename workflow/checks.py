"""Declares cases, the facts about them, and the checks that judge them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import wraps
from string import Formatter
from typing import TYPE_CHECKING, Any, TypeVar

from administration.parameters.book import ParameterBook
from common.findings import Finding

if TYPE_CHECKING:
    from .business import Business

T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """Is the matter that checks judge, before and after filing. `on` is the day by which the running check judges.

    `subjects` are ids in the business's own app; `is_filing` is False when a desk looks at a submitted application.
    """

    business: Business
    filing_day: date
    on: date
    person_id: int | None = None
    enterprise_id: int | None = None
    former_enterprise_id: int | None = None
    region_id: str = ""
    subjects: tuple[int, ...] = ()
    claims: tuple[str, ...] = ()
    payload: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)
    application_id: int | None = None
    is_filing: bool = True


class Facts:
    """Loads facts about a set of cases, each once: `facts(loader)` answers `loader(cases)`.

    `known` has the answers of loaders whose rows the page has read together with other things.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        parameters: ParameterBook | None = None,
        *,
        known: Mapping[Any, Any] | None = None,
    ) -> None:
        self.cases = tuple(cases)
        self.parameters = parameters or ParameterBook.load()
        self._loaded: dict[Hashable, Any] = dict(known or {})

    def __call__(self, loader: Callable[[Sequence[Case]], T]) -> T:
        if loader not in self._loaded:
            self._loaded[loader] = loader(self.cases)
        return self._loaded[loader]  # type: ignore[no-any-return]


Check = Callable[[Case, Facts], "Finding | Iterable[Finding] | None"]


C = TypeVar("C", bound=Check)


def condition(sentence: str, *, limits: Mapping[str, str] | None = None) -> Callable[[C], C]:
    """States the condition in words for people who have not filed yet; the guides list it.

    `{training_hours_per_term}` stands for that policy parameter's value; every parameter that the check asks is named.
    `limits` has words for parameters of which 0 limits nothing: those that are 0 are left out.
    """

    def declared(check: C) -> C:
        if hasattr(check, "condition"):
            raise ValueError(f"{check!r} states two conditions: one of them belongs to another check")
        check.condition, check.limits = sentence, limits or {}  # type: ignore[attr-defined]
        return check

    return declared


def condition_of(check: Check, parameters: ParameterBook, on: date) -> str:
    """Answers the sentence with the values of that day; "" for a check that only advises."""
    values = {key: parameters.row(key, on).value for key in parameters_of(check)}
    limits = [words for key, words in _limits(check).items() if values[key]]
    return "；".join([str(getattr(check, "condition", "")), *limits]).format(**values)


def _limits(check: Check) -> Mapping[str, str]:
    found: Mapping[str, str] = getattr(check, "limits", {})
    return found


def parameters_of(check: Check) -> tuple[str, ...]:
    """Answers the keys of the policy parameters that the check's condition names."""
    named = tuple(name for _, name, _, _ in Formatter().parse(getattr(check, "condition", "")) if name)
    return (*named, *_limits(check))


def at_filing(check: Check) -> Check:
    """The check judges by the day of the first submission and that day's parameters, however late it is run."""

    @wraps(check)
    def judged_at_filing(case: Case, facts: Facts) -> Finding | Iterable[Finding] | None:
        return check(replace(case, on=case.filing_day), facts)

    judged_at_filing.is_of_filing_day = True  # type: ignore[attr-defined]
    return judged_at_filing


def is_of_filing_day(check: Check) -> bool:
    """Answers whether a later parameter leaves cases alone that were submitted before its day."""
    return bool(getattr(check, "is_of_filing_day", False))


def in_review(check: Check) -> Check:
    """The check applies only after filing: it judges what may still change before somebody decides."""

    @wraps(check)
    def judged_in_review(case: Case, facts: Facts) -> Finding | Iterable[Finding] | None:
        return None if case.is_filing else check(case, facts)

    return judged_in_review


def evaluate(cases: Sequence[Case], facts: Facts) -> dict[Case, list[Finding]]:
    """Answers all findings of all cases; a check may answer one, several or none."""
    answers: dict[Case, list[Finding]] = {}
    for case in cases:
        with facts.parameters.noting(case.application_id):
            answers[case] = _answers(case, facts)
    return answers


def _answers(case: Case, facts: Facts) -> list[Finding]:
    found: list[Finding] = []
    for check in case.business.checks:
        answer = check(case, facts)
        if isinstance(answer, Finding):
            found.append(answer)
        elif answer is not None:
            found.extend(answer)
    return found
