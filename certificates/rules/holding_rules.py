"""Checks that a decision breaks no rule on which certificates a person may hold together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from certificates.enums import Category
from certificates.facts.holdings import Holdings, holdings
from certificates.holding import SENTENCES, Held, Violation, newly_caused
from certificates.models import Certificate
from common.findings import Finding, satisfied
from workflow.checks import Case, Facts, condition

from .posts import a_post


def asks_for_the_merge(violation: Violation, held: Sequence[Held]) -> bool:
    """Whoever has a C1 and gets a C2, or the reverse, holds both as abnormal and merges them (rule C-1)."""
    own = sorted(one.category for one in held if one.certificate_id in violation.certificate_ids)
    return violation.code == "C-1" and own == [Category.C1, Category.C2]


@condition("办理后符合证书持有规则")
def holding_rules(case: Case, facts: Facts) -> Iterator[Finding]:
    """Refuses only what the decision newly causes; earlier violations stay lawful, and the status shows them.

    A business with `enters_what_is_held` only writes down what the person holds in truth already.
    """
    held = facts(holdings).concerned(case.person_id or 0)
    tolerated = asks_for_the_merge if getattr(case.business, "enters_what_is_held", False) else _nothing
    yield from holding_findings(case, facts, held, project(case, held), tolerated=tolerated)


def _nothing(violation: Violation, held: Sequence[Held]) -> bool:
    return False


def holding_findings(
    case: Case,
    facts: Facts,
    before: Sequence[Held],
    after: Sequence[Held],
    *,
    tolerated: Callable[[Violation, Sequence[Held]], bool],
) -> list[Finding]:
    """Answers the rules that `after` breaks for this case's person and `before` did not.

    `tolerated` says what may be broken for a while.
    """
    known = facts(holdings)
    caused = [
        one
        for one in newly_caused(known.violations(before), known.violations(after))
        if _concerns(one.certificate_ids, case, known.certificates) and not tolerated(one, after)
    ]
    return [_broken(violation, known) for violation in caused] or [satisfied("holding", "符合证书持有规则")]


def _broken(violation: Violation, known: Holdings) -> Finding:
    numbers = "、".join(
        known.certificates[pk].number for pk in sorted(violation.certificate_ids) if pk in known.certificates
    )
    return Finding(
        f"holding.{violation.code}",
        SENTENCES[violation.code],
        f"涉及：{numbers}" if numbers else "",
        turn="本人",
        facts={"rule": violation.code},
    )


def project(case: Case, held: Sequence[Held]) -> list[Held]:
    """Answers the holdings as they would be after the decision. A business that changes them defines `project`."""
    changed = getattr(case.business, "project", None)
    return list(held) if changed is None else changed(case, held)


def unchanged(case: Case, held: Sequence[Held]) -> list[Held]:
    """Answers the same holdings: nothing changes that the rules look at."""
    return list(held)


def without(case: Case, held: Sequence[Held]) -> list[Held]:
    """Takes the case's certificates out."""
    return [one for one in held if one.certificate_id not in case.subjects]


def moved(case: Case, held: Sequence[Held]) -> list[Held]:
    """Moves the case's certificates to its enterprise, with the post that the form names."""
    return [
        replace(one, enterprise_id=case.enterprise_id) if one.certificate_id in case.subjects else one
        for one in reposted(case, held)
    ]


def reposted(case: Case, held: Sequence[Held]) -> list[Held]:
    """Gives the case's A certificates the post that the form names."""
    posts = a_post(case)
    return [
        replace(one, post=posts.get(one.category, one.post)) if one.certificate_id in case.subjects else one
        for one in held
    ]


def _concerns(certificate_ids: frozenset[int], case: Case, certificates: dict[int, Certificate]) -> bool:
    """Leaves out other cases' violations. A negative id is the certificate that this case would add."""
    return any(
        pk < 0 or (pk in certificates and certificates[pk].person_id == case.person_id) for pk in certificate_ids
    )
