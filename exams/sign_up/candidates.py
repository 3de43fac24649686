"""Lists the enterprise's people for one category of a batch, each with the findings against an entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Person
from certificates.enums import Category
from common.database.name_search import person_named
from common.findings import Finding, blocking
from employment.models import Employment
from employment.selectors import load_works_for
from enterprises.enums import Post
from enterprises.models import Enterprise
from exams.models import ExamBatch

from .eligibility import Candidate, of_candidates
from .rules import POSTS_OF, posts_at


@dataclass(frozen=True)
class CandidateRow:
    person: Person
    posts: tuple[tuple[str, str], ...]
    post: str
    stops: list[Finding]


def staff_for(enterprise: Enterprise, category: str, *, name: str = "") -> QuerySet[Person]:
    """Answers the employees with a post of the category, and for A the registered legal representative."""
    posts = [str(post) for post in POSTS_OF[Category(category)]]
    employed = Employment.objects.active().filter(enterprise=enterprise, posts__overlap=posts)
    found = Q(pk__in=employed.values("person_id"))
    if category == Category.A and enterprise.legal_representative_index:
        found |= Q(id_number_index=enterprise.legal_representative_index)
    people = Person.objects.filter(found).order_by("name", "pk")
    return people.filter(person_named("name", name))


def rows_for(
    batch: ExamBatch,
    enterprise: Enterprise,
    people: Sequence[Person],
    category: str,
    *,
    on: date,
    chosen: Mapping[int, str] | None = None,
) -> list[CandidateRow]:
    """`chosen` maps a person to the post picked so far. The number of queries is constant."""
    works_for = load_works_for([person.pk for person in people])
    allowed = [str(post) for post in POSTS_OF[Category(category)]]
    posts = {}
    for person in people:
        registered = posts_at(works_for, person.pk, enterprise.pk)
        posts[person.pk] = [post for post in allowed if post in registered] or allowed[:1]
    picks = {pk: _pick(own, (chosen or {}).get(pk, "")) for pk, own in posts.items()}
    found = of_candidates(
        batch, [Candidate(pk, category, post) for pk, post in picks.items()], enterprise_id=enterprise.pk, on=on
    )
    return [
        CandidateRow(
            person,
            tuple((post, str(Post(post).label)) for post in posts[person.pk]),
            picks[person.pk],
            blocking(found[Candidate(person.pk, category, picks[person.pk])]),
        )
        for person in people
    ]


def _pick(own: Sequence[str], chosen: str) -> str:
    return chosen if chosen in own else own[0]


def people_of(candidates: Iterable[Candidate]) -> dict[int, Person]:
    return Person.objects.in_bulk({one.person_id for one in candidates})
