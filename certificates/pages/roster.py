"""Reads an enterprise's people and their certificates (F52); the status is the stored snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person
from certificates.enums import IN_FORCE_STATES, DisplayStatus
from certificates.facts.holdings import certificates_by_person
from certificates.models import Certificate
from certificates.state.display import Reason, reasons_of_codes
from common.database.name_search import person_named
from employment.models import Employment

from .detail import NO_PAPER, Paper, papers_of

EXPIRING_DAYS = 90


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


@dataclass(frozen=True)
class _Held:
    """Holds of one certificate what figures and filters ask."""

    pk: int
    person_id: int
    category: str
    ends_on: date
    display_status: str


class Roster:
    """Holds the certificates in force at the enterprise, and those that its employees have at other enterprises.

    The two sets are read once, two statements for a page: each figure and filter as a statement of its own would walk
    all people of the enterprise again.
    """

    def __init__(self, enterprise_id: int, today: date) -> None:
        self.today = today
        self.employed = Employment.objects.active().filter(enterprise_id=enterprise_id)
        self._in_force = Certificate.objects.filter(legal_state__in=IN_FORCE_STATES).order_by()
        self._here = self._in_force.filter(enterprise_id=enterprise_id)

    @cached_property
    def _employed_ids(self) -> frozenset[int]:
        return frozenset(self.employed.order_by().values_list("person_id", flat=True))

    @cached_property
    def _held(self) -> list[_Held]:
        columns = ("pk", "person_id", "category", "ends_on", "display_status")
        elsewhere = self._in_force.filter(person_id__in=sorted(self._employed_ids))
        # Each has an index of its own; OR over two columns would be judged for every row of the province.
        return [_Held(*row) for row in self._here.values_list(*columns).union(elsewhere.values_list(*columns))]

    @property
    def certificates(self) -> QuerySet[Certificate]:
        return _certificates(self._held)

    def is_expiring(self, one: _Held | Certificate) -> bool:
        return self.today <= one.ends_on <= self.today + timedelta(days=EXPIRING_DAYS)

    def figures(self) -> list[tuple[str, int, str, bool]]:
        """Answers label, number, query of the list that it counts, and whether it asks for attention."""
        expiring = sum(map(self.is_expiring, self._held))
        abnormal = sum(one.display_status == DisplayStatus.ABNORMAL for one in self._held)
        return [
            ("在聘人员", len(self._employed_ids), "", False),
            ("证书", len(self._held), "", False),
            (f"{EXPIRING_DAYS} 天内到期", expiring, "state=expiring", expiring > 0),
            ("异常状态", abnormal, "state=abnormal", abnormal > 0),
        ]

    def narrowed(self, wanted: dict[str, Any]) -> tuple[QuerySet[Person], QuerySet[Certificate]]:
        """Answers the people and certificates that the filters leave."""
        category, state = wanted.get("category"), wanted.get("state", "")
        held = [one for one in self._held if not category or one.category == category]
        ids = self._employed_ids | {one.person_id for one in self._held}
        if state == "none":
            ids, held = ids - {one.person_id for one in held}, []
        elif state or category:
            held = [one for one in held if not state or self._is_in(one, state)]
            ids = frozenset(one.person_id for one in held)
        people = Person.objects.filter(pk__in=sorted(ids))
        if wanted.get("name"):
            people = people.filter(person_named("name", wanted["name"]))
        return people, _certificates(held)

    def _is_in(self, one: _Held, state: str) -> bool:
        return self.is_expiring(one) if state == "expiring" else one.display_status == state

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
            yield Line(person, job, certificate, papers[certificate.pk], self.is_expiring(certificate))


def _certificates(held: Iterable[_Held]) -> QuerySet[Certificate]:
    return Certificate.objects.filter(pk__in=sorted(one.pk for one in held))
