"""Defines what the businesses on a person's own certificates share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Person
from certificates.enums import IN_FORCE_STATES, Category
from certificates.facts.places import NOBODY, employer_of, enterprise_of_first, located
from certificates.filing.commitment import CommitmentForm
from certificates.filing.desks import NO_PAPER
from certificates.holding import Held
from certificates.issuing.compared import compared
from certificates.models import Certificate, CertificateItem
from certificates.rules.holding_rules import unchanged
from certificates.rules.rounds import DecidedInRounds
from common.web.ids import id_of
from workflow.actors import Actor
from workflow.checks import Case, Facts
from workflow.enums import Party
from workflow.models import Application, ApplicationItem
from workflow.steps import Comparison


class CertificateBusiness(DecidedInRounds):
    """The person files about one certificate, or those that move with it; the employer is the present one.

    A kind of the common shape declares itself, says in `orders` what its approval brings about, and names in `effect` the
    service that writes all orders at once.
    """

    filed_by = frozenset({Party.PERSON})
    form_class: ClassVar[type[forms.Form]] = CommitmentForm
    item_model: ClassVar[type[ApplicationItem]] = CertificateItem
    subject_field = "certificate"
    has_letters = True
    materials: ClassVar[tuple[str, ...]] = NO_PAPER
    categories: ClassVar[tuple[str, ...]] = tuple(Category.values)
    """Categories of the certificates that it can be filed about."""
    projection: ClassVar[Callable[[Case, Sequence[Held]], list[Held]]] = unchanged
    """It answers the holdings as they would be after the decision, for the rules on what a person may hold together."""
    enters_what_is_held: ClassVar[bool] = False
    """It only writes down what the person holds in truth, so that C1 and C2 may stand beside each other until the merge."""
    effect: ClassVar[Callable[..., object]]

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        certificate = own_certificate(actor, query)
        return self.refresh(
            Case(
                business=self,
                filing_day=today,
                on=today,
                person_id=certificate.person_id,
                former_enterprise_id=certificate.enterprise_id,
                subjects=tuple(one.pk for one in self.together(certificate)),
            )
        )

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        found = in_force(actor.person_id, self.categories).order_by("pk")
        return [(f"{_named(one)}，{one.enterprise_name}", {"certificate": str(one.pk)}) for one in found]

    def about(self, case: Case) -> list[str]:
        return [_named(one) for one in Certificate.objects.filter(pk__in=case.subjects).order_by("pk")]

    def together(self, certificate: Certificate) -> Sequence[Certificate]:
        """Answers the certificates that the same application covers."""
        return [certificate]

    def refresh(self, case: Case) -> Case:
        """Takes the employer and region of the present employment; without one the certificate's own enterprise."""
        return located(case, employer_of(case) or enterprise_of_first(case))

    def initial(self, case: Case) -> dict[str, Any]:
        """The telephone number is that of 个人信息."""
        person = Person.objects.filter(pk=case.person_id or NOBODY).only("phone").first()
        return {"phone": person.phone} if person and person.phone else {}

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        return {"certificates": list(Certificate.objects.filter(pk__in=case.subjects).order_by("pk"))}

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        return type(self).projection(case, held)

    def carry_out(self, orders: list[Any], facts: Facts, *, by: Actor, now: datetime) -> None:
        type(self).effect(orders, by=by, now=now)

    def compare(self, case: Case, facts: Facts) -> list[Comparison]:
        return compared(self.orders(case, facts), case, facts, self.changes)

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        rows: dict[int, list[tuple[str, str]]] = {application.pk: [] for application in applications}
        for item in _items_with_certificates(applications):
            if item.certificate is not None:
                rows[item.application_id].append(("证书", _named(item.certificate)))
        for application in applications:
            rows[application.pk] += self.facts_of(application)
        return rows


def own_certificate(actor: Actor, query: Mapping[str, str]) -> Certificate:
    """The actor's certificate that `certificate` in the query names. Raises `Http404`."""
    wanted = id_of(query.get("certificate"))
    certificate = Certificate.objects.filter(pk=wanted or NOBODY, person_id=actor.person_id or NOBODY).first()
    if certificate is None:
        raise Http404("没有这本证书")
    return certificate


def in_force(person_id: int | None, categories: Iterable[str]) -> QuerySet[Certificate]:
    return Certificate.objects.filter(
        person_id=person_id or NOBODY, category__in=categories, legal_state__in=IN_FORCE_STATES
    )


def _items_with_certificates(applications: Sequence[Application]) -> Iterator[CertificateItem]:
    found = CertificateItem.objects.filter(application__in=applications, certificate__isnull=False)
    yield from found.select_related("certificate").order_by("pk")


def _named(certificate: Certificate) -> str:
    return f"{certificate.number}（{certificate.get_category_display()}）"
