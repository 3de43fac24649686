"""Reads the board of an enterprise: figures that are filters, and one line for each certificate with its next steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person
from certificates.enums import DisplayStatus
from certificates.models import Certificate, CertificateItem
from certificates.pages.detail import NO_PAPER, Paper, papers_of
from certificates.pages.roster import EXPIRING_DAYS, Held, Roster
from certificates.state.hours.selectors import as_held
from common.database.name_search import person_named
from employment.models import Employment
from training.terms import TermHours, terms_of
from workflow.models import Application
from workflow.selectors.lists import PARTIES

from .steps import CONTRACT_DAYS, Holding, Step, contract_ends_soon

EXTENSION = "extension"


@dataclass(frozen=True)
class Figure:
    """`state` is the filter that lists what is counted."""

    label: str
    number: int
    state: str = ""
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Line:
    """Shows one certificate; or, without one, a person who has none."""

    person: Person
    employment: Employment | None
    holding: Holding | None = None
    paper: Paper = NO_PAPER

    @property
    def certificate(self) -> Certificate | None:
        return self.holding.certificate if self.holding else None

    @cached_property
    def steps(self) -> list[Step]:
        return self.holding.steps() if self.holding else []

    @property
    def tone(self) -> str:
        normal = self.certificate is not None and self.certificate.display_status == DisplayStatus.NORMAL
        return "good" if normal else "bad"

    @property
    def may_be_reminded(self) -> bool:
        return any(step.told for step in self.steps)


class Board:
    """Reads the whole enterprise by few statements, however many people it has: figures and filters need all of it."""

    def __init__(self, enterprise_id: int, today: date) -> None:
        self.enterprise_id, self.today = enterprise_id, today
        self.roster = Roster(enterprise_id, today)

    @cached_property
    def _cases(self) -> dict[int, tuple[str, int | None]]:
        """Maps a certificate to kind and holding enterprise of the open application about it."""
        items = CertificateItem.objects.filter(is_open=True, certificate__in=[one.pk for one in self.roster.held])
        columns = ("certificate_id", "application__kind", "application__holder_enterprise_id")
        return {pk: (kind, holder) for pk, kind, holder in items.order_by().values_list(*columns)}

    @cached_property
    def _terms(self) -> dict[int, TermHours]:
        """Hours are counted for certificates that end soon; 人员继续教育 shows them for all."""
        return self._terms_of([one.pk for one in self.roster.held if self.roster.is_expiring(one)])

    def _terms_of(self, ids: Collection[int]) -> dict[int, TermHours]:
        certificates = Certificate.objects.filter(pk__in=sorted(ids)).select_related("person").order_by("pk")
        return {term.held.certificate_id: term for term in terms_of(as_held(certificates), today=self.today)}

    def is_in(self, one: Held, state: str) -> bool:
        kind, holder = self._cases.get(one.pk, ("", None))
        if state == "expiring":
            return self.roster.is_expiring(one)
        if state == "unextended":
            return self.roster.is_expiring(one) and kind != EXTENSION
        if state == "hours":
            return one.pk in self._terms and kind != EXTENSION and not self._terms[one.pk].count.is_enough
        if state == "extension":
            return kind == EXTENSION
        if state == "confirm":
            return holder == self.enterprise_id
        if state == "contract":
            job = self.roster.jobs.get(one.person_id)
            return job is not None and contract_ends_soon(job.contract_to, self.today)
        return one.display_status == state

    def _count(self, state: str) -> int:
        return sum(self.is_in(one, state) for one in self.roster.held)

    def figures(self) -> list[Figure]:
        unextended, confirm, abnormal = self._count("unextended"), self._count("confirm"), self._count("abnormal")
        hours = self._count("hours")
        categories: dict[str, int] = {}
        for one in self.roster.held:
            categories[one.category[0]] = categories.get(one.category[0], 0) + 1
        return [
            Figure("等本企业确认", confirm, "confirm", is_late=confirm > 0),
            Figure(
                f"{EXPIRING_DAYS} 天内到期",
                self._count("expiring"),
                "expiring",
                f"其中 {unextended} 本没有申请延续" if unextended else "",
                unextended > 0,
            ),
            Figure("异常状态", abnormal, "abnormal", "每本都有解决办法" if abnormal else "", abnormal > 0),
            Figure("学时不够", hours, "hours", "到期前要学完" if hours else "", hours > 0),
            Figure("延续办理中", self._count("extension"), "extension"),
            Figure(f"合同 {CONTRACT_DAYS} 天内到期", self._count("contract"), "contract", "可以直接续签"),
            Figure(
                "全部证书",
                len(self.roster.held),
                "",
                " · ".join(f"{letter} {number}" for letter, number in sorted(categories.items())),
            ),
        ]

    @property
    def counts(self) -> tuple[int, int]:
        """Answers how many are employed, and how many of them have no certificate."""
        return len(self.roster.jobs), len(self._without())

    def _without(self, category: str = "") -> set[int]:
        holders = {one.person_id for one in self.roster.held if category in ("", one.category)}
        return self.roster.jobs.keys() - holders

    def certificates(self, wanted: dict[str, Any]) -> QuerySet[Certificate]:
        """Answers the certificates that the filters leave, with their persons.

        Persons are read by their keys: joined, a large enterprise's would be looked for among all of the province.
        """
        category, state, post = wanted.get("category"), wanted.get("state"), wanted.get("post")
        kept = [
            one
            for one in self.roster.held
            if (not category or one.category == category)
            and (not state or self.is_in(one, state))
            and (not post or self._has_post(one.person_id, post))
        ]
        if wanted.get("name"):
            named = self._named({one.person_id for one in kept}, wanted["name"])
            kept = [one for one in kept if one.person_id in named]
        return Certificate.objects.filter(pk__in=sorted(one.pk for one in kept)).prefetch_related("person")

    def _named(self, person_ids: Collection[int], name: str) -> set[int]:
        people = Person.objects.filter(person_named("name", name), pk__in=sorted(person_ids))
        return set(people.order_by().values_list("pk", flat=True))

    def ids(self, wanted: dict[str, Any], *, most: int) -> list[int]:
        return list(self.certificates(wanted).order_by("pk").values_list("pk", flat=True)[:most])

    def people_without(self, wanted: dict[str, Any]) -> QuerySet[Person]:
        """Answers employees who have no certificate, or none of the category asked for."""
        post = wanted.get("post")
        ids = [pk for pk in self._without(wanted.get("category") or "") if not post or self._has_post(pk, post)]
        people = Person.objects.filter(pk__in=sorted(ids))
        return people.filter(person_named("name", wanted["name"])) if wanted.get("name") else people

    def _has_post(self, person_id: int, post: str) -> bool:
        job = self.roster.jobs.get(person_id)
        return job is not None and post in job.posts

    def lines(self, certificates: Sequence[Certificate]) -> list[Line]:
        """The certificates bring their persons along."""
        papers, jobs = papers_of(certificates), self._jobs_of(one.person_id for one in certificates)
        items = CertificateItem.objects.filter(is_open=True, certificate__in=certificates).order_by()
        related = items.select_related(*(f"application__{party}" for party in PARTIES))
        cases: dict[int | None, Application] = {item.certificate_id: item.application for item in related}
        return [
            Line(
                one.person,
                jobs.get(one.person_id),
                Holding(
                    certificate=one,
                    viewer_id=self.enterprise_id,
                    today=self.today,
                    employment=jobs.get(one.person_id),
                    case=cases.get(one.pk),
                    term=self._terms.get(one.pk),
                ),
                papers[one.pk],
            )
            for one in certificates
        ]

    def lines_without(self, people: Sequence[Person]) -> list[Line]:
        jobs = self._jobs_of(person.pk for person in people)
        return [Line(person, jobs.get(person.pk)) for person in people]

    def _jobs_of(self, person_ids: Iterable[int]) -> dict[int, Employment]:
        return {job.person_id: job for job in self.roster.employed.filter(person__in=list(person_ids))}
