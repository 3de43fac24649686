"""Loads facts about employment for whole sets of cases or people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.models import Person
from employment.models import Employment
from enterprises.enums import EnterpriseStatus, Post
from enterprises.models import Enterprise
from workflow.checks import Case


@dataclass(frozen=True)
class WorksFor:
    """Answers where people work: at their one registered employer, and at enterprises whose registry entry names them.

    Both mappings begin with the person.
    """

    employment: dict[int, Employment]
    represented: dict[int, set[int]] = field(default_factory=dict)

    def __call__(self, person_id: int, enterprise_id: int | None, post: str = "") -> bool:
        """Status, checks, confirmations and sign-up all ask this predicate."""
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
    """Takes two queries for any number of people."""
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


def people_of(enterprise: Enterprise) -> QuerySet[Person]:
    """Answers the people whom the enterprise may name by id: its employees and its registered legal representative."""
    own = Q(pk__in=Employment.objects.active().filter(enterprise=enterprise).values("person_id"))
    if enterprise.legal_representative_index:
        own |= Q(id_number_index=enterprise.legal_representative_index)
    return Person.objects.filter(own)


def named_employments(ids: Iterable[int]) -> list[str]:
    """Answers words for what an application is about, on the page where it is filed."""
    rows = Employment.objects.filter(pk__in=ids).select_related("enterprise").order_by("pk")
    return [f"与{row.enterprise.name}的聘用关系（{row.post_labels}）" for row in rows]
