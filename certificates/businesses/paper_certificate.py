"""Defines what the businesses share that bring a certificate on paper into the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.http import Http404

from certificates.enums import Operation, Origin
from certificates.facts.places import employer_of, located
from certificates.filing.paper_certificate import PaperCertificateForm, described
from certificates.issuing.compared import NOTHING, compared, on_paper
from certificates.issuing.first_issue_rules import bar_scopes_of
from certificates.issuing.new import NewCertificate, create_certificates
from certificates.models import CertificateVersion
from certificates.rules.paper_certificate import claimed, number_in, posts_fit
from workflow.actors import Actor
from workflow.checks import Case, Facts
from workflow.models import Application
from workflow.steps import Comparison

from .base import CertificateBusiness


class PaperCertificateBusiness(CertificateBusiness):
    """The person files about a certificate that does not exist here yet, so it claims the number of the form."""

    form_class: ClassVar[type[forms.Form]] = PaperCertificateForm
    subject_field = ""
    projection = claimed
    enters_what_is_held = True
    origin: ClassVar[Origin]
    operation: ClassVar[Operation]

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        if actor.person_id is None:
            raise Http404("只能由本人申请")
        payload = self.prefilled(actor.person_id, query)
        case = Case(business=self, filing_day=today, on=today, person_id=actor.person_id, payload=payload)
        return self.refresh(case)

    def prefilled(self, person_id: int, query: Mapping[str, str]) -> dict[str, Any]:
        """Answers what the form begins with."""
        return {}

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        return []

    def refresh(self, case: Case) -> Case:
        """The claim follows the form."""
        number = number_in(case)
        return replace(located(case, employer_of(case)), claims=(f"number:{number}",) if number else ())

    def bar_scopes(self, case: Case) -> Collection[str]:
        return bar_scopes_of(case.payload.get("category", ""))

    def new_certificate(self, case: Case, **differs: Any) -> NewCertificate:
        """Orders the certificate of the form; `differs` is what one kind adds to it."""
        if case.person_id is None:
            raise ValueError(f"{self.kind} has no person")
        payload = case.payload
        return NewCertificate(
            person_id=case.person_id,
            category=payload["category"],
            post=posts_fit(payload["category"], payload.get("post", "")),
            origin=self.origin,
            operation=self.operation,
            first_issued_on=date.fromisoformat(payload["first_issued_on"]),
            valid_to=date.fromisoformat(payload["valid_to"]),
            **self.cause(case),
            **differs,
        )

    def carry_out(self, orders: list[NewCertificate], facts: Facts, *, by: Actor, now: datetime) -> None:
        versions = create_certificates(orders, by=by, now=now)
        self.settle(dict(zip(facts.cases, versions, strict=True)), now=now)

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        """A certificate that gets a new number is compared with the one on paper."""
        orders = list(self.orders(case, facts))
        former = NOTHING if all(order.number for order in orders) else on_paper(case.payload)
        return compared(orders, case, facts, self.changes, former=former)

    def settle(self, versions: Mapping[Case, CertificateVersion], *, now: datetime) -> None:
        """Closes the old records of the certificates that are here now."""

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        return described(application)

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        return {application.pk: self.facts_of(application) for application in applications}
