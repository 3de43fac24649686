"""Facts about employment, loaded for whole sets of cases or people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Person
from common.dates import chinese_date
from enterprises.enums import EnterpriseStatus, Post
from enterprises.models import Enterprise
from workflow.checks import Case
from workflow.enums import Status
from workflow.models import Application, Event
from workflow.selectors.lists import STATUS_TONES, status_text

from .models import Employment, EmploymentItem, EmploymentQuerySet

CONTRACT_SOON = timedelta(days=90)


@dataclass(frozen=True)
class WorksFor:
    """Where people work: their one registered employment, and the enterprises whose registry names them as legal representative."""

    employment: dict[int, Employment]
    """person → active employment, with its enterprise."""
    represented: dict[int, set[int]] = field(default_factory=dict)
    """person → enterprises that exist and name them."""

    def __call__(self, person_id: int, enterprise_id: int | None, post: str = "") -> bool:
        """The one predicate used by status, checks, confirmations and sign-up."""
        if enterprise_id is None:
            return False
        current = self.employment.get(person_id)
        if current is not None and current.enterprise_id == enterprise_id:
            return True
        return post in ("", Post.LEGAL_REPRESENTATIVE) and enterprise_id in self.represented.get(person_id, set())

    def employer(self, person_id: int | None) -> Enterprise | None:
        current = self.employment.get(person_id) if person_id is not None else None
        return current.enterprise if current else None


def load_works_for(person_ids: Iterable[int | None]) -> WorksFor:
    """Two queries for any number of people."""
    ids: Collection[int] = {pk for pk in person_ids if pk is not None}
    active = {
        row.person_id: row for row in Employment.objects.active().filter(person_id__in=ids).select_related("enterprise")
    }
    represented: dict[int, set[int]] = defaultdict(set)
    people = dict(Person.objects.filter(pk__in=ids).values_list("id_number_index", "pk"))
    rows = Enterprise.objects.filter(legal_representative_index__in=people, status=EnterpriseStatus.EXISTING).exclude(
        legal_representative_index=""
    )
    for index, enterprise_id in rows.values_list("legal_representative_index", "pk"):
        represented[people[index]].add(enterprise_id)
    return WorksFor(active, dict(represented))


def works_for_facts(cases: Sequence[Case]) -> WorksFor:
    return load_works_for(case.person_id for case in cases)


# --- pages of the enterprise and the person ---


def people_of(enterprise: Enterprise) -> QuerySet[Person]:
    """Whom the enterprise may name by id: those employed there, and the legal representative of its registry entry."""
    own = Q(pk__in=Employment.objects.active().filter(enterprise=enterprise).values("person_id"))
    if enterprise.legal_representative_index:
        own |= Q(id_number_index=enterprise.legal_representative_index)
    return Person.objects.filter(own)


def staff_of(enterprise_id: int) -> EmploymentQuerySet:
    return Employment.objects.active().filter(enterprise_id=enterprise_id).select_related("person")


def narrowed(staff: EmploymentQuerySet, values: dict[str, Any], *, today: date) -> EmploymentQuerySet:
    """By the values of StaffFilters; a value that makes no sense narrows nothing."""
    if name := values.get("name"):
        staff = staff.filter(person__name__startswith=name)
    if post := values.get("post"):
        staff = staff.filter(posts__contains=[post])
    if contract := values.get("contract"):
        ends = {
            "soon": Q(contract_to__range=(today, today + CONTRACT_SOON)),
            "over": Q(contract_to__lt=today),
            "open": Q(contract_to__isnull=True),
        }
        staff = staff.filter(ends[contract])
    return staff


def former_staff_of(enterprise_id: int) -> EmploymentQuerySet:
    ended = Employment.objects.filter(enterprise_id=enterprise_id, ended_at__isnull=False)
    return ended.select_related("person")


def proposals(*, is_open: bool) -> QuerySet[Application]:
    """Applications that propose an employment; nothing else claims a pair of person and enterprise."""
    made = EmploymentItem.objects.filter(claim_key__startswith="start:", is_open=is_open)
    return Application.objects.filter(pk__in=made.values("application_id")).select_related("person", "enterprise")


def proposals_of(enterprise_id: int, *, is_open: bool) -> QuerySet[Application]:
    """Drafts are not shown: what was refused at filing never was a proposal. Accepted ones are employments."""
    found = proposals(is_open=is_open).filter(enterprise_id=enterprise_id)
    return found if is_open else found.exclude(status__in=[Status.DRAFT, Status.APPROVED])


@dataclass(frozen=True)
class ProposalRow:
    application: Application
    posts: str
    contract: str
    status_text: str
    status_tone: str
    note: str
    """Why it came to nothing: what the person or the system said last."""


def proposal_rows(applications: Sequence[Application]) -> list[ProposalRow]:
    """One query for any number of closed ones, none for open ones."""
    closed = [application.pk for application in applications if not application.is_open]
    events = Event.objects.filter(application_id__in=closed).order_by("pk") if closed else []
    notes = {event.application_id: event.comment for event in events}
    return [
        ProposalRow(
            application,
            "、".join(Post(post).label for post in application.payload.get("posts", [])),
            contract_text(application.payload),
            "本人已拒绝" if application.status == Status.REJECTED else status_text(application),
            STATUS_TONES[Status(application.status)],
            notes.get(application.pk, ""),
        )
        for application in applications
    ]


def contract_text(payload: dict[str, Any]) -> str:
    starts, ends = payload.get("contract_from"), payload.get("contract_to")
    if not starts:
        return ""
    begins = chinese_date(date.fromisoformat(starts))
    return f"{begins} 至 {chinese_date(date.fromisoformat(ends))}" if ends else f"{begins}起，无固定期限"
