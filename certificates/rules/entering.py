"""Says before the form is filled in what a person who holds certificates already cannot have entered beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from certificates.enums import Category
from certificates.facts.holdings import holdings
from certificates.holding import SENTENCES, Held, Violation, newly_caused
from common.findings import Cure, Finding, Level
from enterprises.enums import Post
from workflow.checks import Case, Facts

from .holding_rules import asks_for_the_merge
from .paper_certificate import claimed

POSTS = (Post.LEGAL_REPRESENTATIVE, Post.OTHER)
"""An A may be lawful with one of them and not with the other; it is impossible only where it is with neither."""


def may_be_entered(case: Case, facts: Facts) -> Iterator[Finding]:
    """Only advises: what the form names in the end is judged by `holding_rules`."""
    held = facts(holdings).concerned(case.person_id or 0)
    for category in [case.payload["category"]] if case.payload.get("category") else list(Category):
        ways = [_caused(case, facts, held, category, post) for post in POSTS]
        if any(asks_for_the_merge(one, after) for caused, after in ways for one in caused):
            yield _merge_follows(category)
        elif not case.payload.get("category") and all(caused for caused, _ in ways):
            reasons = dict.fromkeys(f"{SENTENCES[one.code]}。" for one in ways[0][0])
            yield Finding("late_entry.impossible", f"{category}证现在不能录入", "".join(reasons), Level.ADVISORY)


def _caused(
    case: Case, facts: Facts, held: Sequence[Held], category: str, post: str
) -> tuple[list[Violation], list[Held]]:
    known, named = facts(holdings), replace(case, payload={"category": category, "post": post})
    after = claimed(named, held)
    own = [one for one in newly_caused(known.violations(held), known.violations(after)) if _touches_the_new(one)]
    return own, after


def _touches_the_new(violation: Violation) -> bool:
    return any(pk < 0 for pk in violation.certificate_ids)


def _merge_follows(category: str) -> Finding:
    other = Category.C2 if category == Category.C1 else Category.C1
    return Finding(
        "late_entry.merge_follows",
        f"录入{category}证以后还要合并为C3证",
        f"已持有{other}证：录入办结后两本都显示为异常状态，请随即办理合并为C3证，合并后恢复正常使用。",
        Level.ADVISORY,
        turn="本人",
        cure=Cure("合并为C3证怎么办", url_name="workflow:guide", kwargs={"kind": "c3_merge"}),
    )
