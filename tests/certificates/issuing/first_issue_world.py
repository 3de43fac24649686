"""A way to a first certificate as an app would declare it: filed, decided in bulk, issued by the service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from accounts.models import Person
from certificates.issuing.first_issue import FirstIssue, issue_first
from certificates.issuing.first_issue_rules import FirstIssueBusiness, claim_of
from common.findings import Finding
from enterprises.models import Enterprise
from tests.factories import actor, make_employment, make_person
from workflow.actors import Actor
from workflow.checks import Case, Facts
from workflow.enums import Desk, Party
from workflow.models import Application
from workflow.services.filing import file_application
from workflow.steps import Comparison, Step

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
TODAY = NOW.date()


class Trial(FirstIssueBusiness):
    kind, title = "first_issue_trial", "首次发证演练"
    filed_by = frozenset({Party.PERSON})
    form_class = forms.Form
    steps = (Step(Desk.PROVINCIAL, days="decision_days_issue"),)

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        return []

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        orders = [
            FirstIssue(
                person_id=case.person_id or 0,
                category=case.payload["category"],
                enterprise_id=case.enterprise_id or 0,
                post=case.payload["post"],
                application_id=case.application_id,
            )
            for case in facts.cases
        ]
        result = issue_first(orders=orders, by=by, now=now, kind=self.kind, parameters=facts.parameters)
        return result.refused_applications


def passed(enterprise: Enterprise, *posts: str, **fields: Any) -> Person:
    """Somebody who passed the exam: registered, with a photo, employed."""
    person = make_person(**fields)
    make_employment(person, enterprise, *(posts or ("08",)))
    return person


def file_trial(person: Person, enterprise: Enterprise, category: str = "C2", post: str = "08") -> Application:
    assert person.user is not None
    case = Case(
        business=Trial(),
        filing_day=TODAY,
        on=TODAY,
        person_id=person.pk,
        enterprise_id=enterprise.pk,
        region_id=enterprise.region_id,
        claims=(claim_of(person.pk, category),),
        payload={"category": category, "post": post},
    )
    return file_application(case=case, actor=actor(person.user), now=NOW)
