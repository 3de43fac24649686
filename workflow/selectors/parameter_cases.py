"""Says which open cases a new value of a policy parameter would touch, and which it leaves as they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from workflow.business import Business, businesses
from workflow.checks import is_of_filing_day, parameters_of
from workflow.models import Application

CLOCK = "已在环节中的办件期限不变；施行后才进入环节的，按新取值计算"
FILING = "已提交的办件按首次提交当天的取值；施行后提交的按新取值"
DECISION = "施行后办理的，按新取值核对"
EFFECT = "施行后办结的，按新取值"


@dataclass(frozen=True)
class Touched:
    """So many applications of one kind are open; `rules` say what a new value means for them."""

    title: str
    count: int
    rules: tuple[str, ...]


def touched_by(key: str) -> list[Touched]:
    """Answers the businesses that ask this parameter with their open cases, by one query."""
    asking = [business for business in businesses() if key in business.parameter_keys]
    if not asking:
        return []
    rows = Application.objects.filter(is_open=True, kind__in=[business.kind for business in asking])
    counts = dict(rows.order_by("kind").values_list("kind").annotate(count=Count("pk")))
    return [Touched(business.title, counts.get(business.kind, 0), tuple(_rules(business, key))) for business in asking]


def _rules(business: Business, key: str) -> list[str]:
    checks = [check for check in business.checks if key in parameters_of(check)]
    said = {
        CLOCK: any(step.clock == key for step in business.steps),
        FILING: any(is_of_filing_day(check) for check in checks),
        DECISION: any(not is_of_filing_day(check) for check in checks),
        EFFECT: key in business.effect_parameters,
    }
    return [words for words, holds in said.items() if holds]
