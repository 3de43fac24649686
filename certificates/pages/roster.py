"""Reads an enterprise's people and their certificates (F52); the status is the stored snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Person
from certificates.enums import IN_FORCE_STATES, DisplayStatus
from certificates.facts.holdings import certificates_by_person
from certificates.models import Certificate
from certificates.state.display import Reason, reasons_of_codes
from common.database.name_search import person_named
from common.web.paging import capped_text
from employment.models import Employment

from .detail import Paper, papers_of

EXPIRING_DAYS = 90
NO_PAPER = Paper()


@dataclass(frozen=True)
class Line:
    """Shows one certificate of one person; a person without a certificate has a line too."""

    person: Person
    employment: Employment | None
    certificate: Certificate | None = None
    paper: Paper = NO_PAPER
    expires_soon: bool = False

    @property
    def tone(self) -> str:
        normal = self.certificate is not None and self.certificate.display_status == DisplayStatus.NORMAL
        return "good" if normal else "bad"

    @property
    def reasons(self) -> list[Reason]:
        return reasons_of_codes(self.certificate.display_codes) if self.certificate else []


class Roster:
    """Holds the certificates in force at the enterprise, and those that its employees have at other enterprises."""

    def __init__(self, enterprise_id: int, today: date) -> None:
        self.today = today
        self.employed = Employment.objects.active().filter(enterprise_id=enterprise_id)
        in_force = Certificate.objects.filter(legal_state__in=IN_FORCE_STATES).order_by()
        self._here = in_force.filter(enterprise_id=enterprise_id)
        of_employed = in_force.filter(person_id__in=self._employed_ids)
        # Sets of ids are united; OR over two tables would be judged for every row of the province.
        either = self._here.values("pk").union(of_employed.values("pk"))
        self.certificates: QuerySet[Certificate] = Certificate.objects.filter(pk__in=either)

    @property
    def _employed_ids(self) -> QuerySet[Employment, Any]:
        return self.employed.order_by().values("person_id")

    def people(self) -> QuerySet[Person]:
        return Person.objects.filter(pk__in=self._employed_ids.union(self._here.values("person_id")))

    def expiring(self, certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
        return certificates.filter(ends_on__range=(self.today, self._horizon))

    @property
    def _horizon(self) -> date:
        return self.today + timedelta(days=EXPIRING_DAYS)

    def figures(self) -> list[tuple[str, str, str, bool]]:
        """Answers label, number, query of the list that it counts, and whether it asks for attention."""
        abnormal = self.certificates.filter(display_status=DisplayStatus.ABNORMAL)
        expiring = self.expiring(self.certificates)
        return [
            ("在聘人员", capped_text(self.employed), "", False),
            ("证书", capped_text(self.certificates), "", False),
            (f"{EXPIRING_DAYS} 天内到期", capped_text(expiring), "state=expiring", expiring.exists()),
            ("异常状态", capped_text(abnormal), "state=abnormal", abnormal.exists()),
        ]

    def narrowed(self, wanted: dict[str, Any]) -> tuple[QuerySet[Person], QuerySet[Certificate]]:
        """Answers the people and certificates that the filters leave."""
        certificates, people = self.certificates, self.people()
        if wanted.get("name"):
            people = people.filter(person_named("name", wanted["name"]))
        if wanted.get("category"):
            certificates = certificates.filter(category=wanted["category"])
        state = wanted.get("state", "")
        if state == "none":
            return people.exclude(Exists(certificates.filter(person=OuterRef("pk")))), certificates.none()
        if state == "expiring":
            certificates = self.expiring(certificates)
        elif state:
            certificates = certificates.filter(display_status=state)
        if state or wanted.get("category"):
            people = people.filter(pk__in=certificates.values("person_id"))
        return people, certificates

    def lines(self, people: Sequence[Person], certificates: QuerySet[Certificate]) -> list[Line]:
        shown = list(certificates.filter(person__in=people).order_by("category", "pk"))
        held = certificates_by_person(shown)
        papers = papers_of(shown)
        jobs = {job.person_id: job for job in self.employed.filter(person__in=people)}
        return [line for person in people for line in self._of(person, held.get(person.pk, []), papers, jobs)]

    def _of(
        self, person: Person, held: Sequence[Certificate], papers: dict[int, Paper], jobs: dict[int, Employment]
    ) -> Iterable[Line]:
        job = jobs.get(person.pk)
        if not held:
            yield Line(person, job)
        for certificate in held:
            soon = self.today <= certificate.ends_on <= self._horizon
            yield Line(person, job, certificate, papers[certificate.pk], soon)
