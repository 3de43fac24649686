"""Lists the enterprise's people for one category of a batch, each with the findings against an entry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from accounts.models import Person
from certificates.enums import Category
from common.database.name_search import person_named
from common.findings import Finding, blocking
from employment.models import Employment
from employment.selectors import load_works_for
from employment.selectors import people_of as employees
from enterprises.enums import Post
from enterprises.models import Enterprise
from exams.enums import PENDING, EvidenceKind
from exams.evidence.selectors import evidence_kinds_of
from exams.models import ExamBatch, ExamEntry

from .eligibility import Candidate, of_candidates
from .rules import POSTS_OF, posts_at

MOST_SHOWN = 1_000
"""So many people are checked for one page; of more, the page asks for a name or a post."""


class Standing(StrEnum):
    """In the order of the list: whom the clerk can enter, who can be helped, who cannot, who is in already."""

    FIT = "fit"
    LACKING = "lacking"
    UNFIT = "unfit"
    ENTERED = "entered"

    @property
    def label(self) -> str:
        return {"fit": "符合条件", "lacking": "补齐后可以", "unfit": "不符合", "entered": "已报名"}[self.value]


ORDER = list(Standing)
PROBLEMS_FIRST = [Standing.LACKING, Standing.UNFIT, Standing.ENTERED, Standing.FIT]


@dataclass(frozen=True)
class CandidateRow:
    """`lacks` names what the person alone can add, such as 证件照; `entry` is the pending entry of this enterprise.

    `evidence` are the kinds of scans that the person has uploaded.
    """

    person: Person
    posts: tuple[tuple[str, str], ...]
    post: str
    stops: list[Finding]
    lacks: tuple[str, ...] = ()
    entry: ExamEntry | None = None
    evidence: frozenset[str] = frozenset()

    @property
    def standing(self) -> Standing:
        if self.entry is not None:
            return Standing.ENTERED
        if not self.stops:
            return Standing.FIT
        return Standing.LACKING if len(self.lacks) == len(self.stops) else Standing.UNFIT

    @property
    def lacks_words(self) -> str:
        return "、".join(f"缺{word}" for word in self.lacks)

    @property
    def evidence_words(self) -> str:
        return "、".join(label for kind, label in EvidenceKind.choices if kind in self.evidence)

    @property
    def entries_query(self) -> str:
        return urlencode({"name": self.person.name})

    @property
    def post_label(self) -> str:
        return dict(self.posts).get(self.post, "")


def staff_for(enterprise: Enterprise, category: str, *, name: str = "") -> QuerySet[Person]:
    """Answers the employees with a post of the category, and for A the registered legal representative."""
    posts = [str(post) for post in POSTS_OF[Category(category)]]
    employed = Employment.objects.active().filter(enterprise=enterprise, posts__overlap=posts)
    found = Q(pk__in=employed.values("person_id"))
    if category == Category.A and enterprise.legal_representative_index:
        found |= Q(id_number_index=enterprise.legal_representative_index)
    people = Person.objects.filter(found).order_by("name", "pk")
    return people.filter(person_named("name", name))


def usual_category(enterprise: Enterprise, categories: Sequence[str]) -> str:
    """Answers the first of the categories for which the enterprise employs the most people."""
    employed = Employment.objects.active().filter(enterprise=enterprise).order_by()
    posts = list(employed.values_list("posts", flat=True))
    fits = {one: {str(post) for post in POSTS_OF[Category(one)]} for one in categories}
    return max(categories, key=lambda one: sum(not fits[one].isdisjoint(own) for own in posts))


def own_among(enterprise: Enterprise, picks: Mapping[int, str]) -> dict[int, str]:
    """Answers the picks of the enterprise's own people; nothing is kept about anybody else."""
    known = employees(enterprise).filter(pk__in=picks).values_list("pk", flat=True)
    own = set(known)
    return {pk: post for pk, post in picks.items() if pk in own}


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
    ids = [person.pk for person in people]
    works_for = load_works_for(ids)
    allowed = [str(post) for post in POSTS_OF[Category(category)]]
    posts = {}
    for person in people:
        registered = posts_at(works_for, person.pk, enterprise.pk)
        posts[person.pk] = [post for post in allowed if post in registered] or allowed[:1]
    picks = {pk: _pick(own, (chosen or {}).get(pk, "")) for pk, own in posts.items()}
    found = of_candidates(
        batch, [Candidate(pk, category, post) for pk, post in picks.items()], enterprise_id=enterprise.pk, on=on
    )
    entries, evidence = _entries(enterprise, category, ids), evidence_kinds_of(ids)
    rows = []
    for person in people:
        stops = blocking(found[Candidate(person.pk, category, picks[person.pk])])
        rows.append(
            CandidateRow(
                person,
                tuple((post, str(Post(post).label)) for post in posts[person.pk]),
                picks[person.pk],
                stops,
                lacks_of(person, stops),
                entries.get(person.pk),
                frozenset(evidence.get(person.pk, ())),
            )
        )
    return rows


def _pick(own: Sequence[str], chosen: str) -> str:
    return chosen if chosen in own else own[0]


def _entries(enterprise: Enterprise, category: str, person_ids: Collection[int]) -> dict[int, ExamEntry]:
    """The exam is still to be sat; it may be one of another batch."""
    rows = ExamEntry.objects.filter(
        person__in=person_ids, enterprise=enterprise, category=category, state__in=PENDING
    ).select_related("batch", "entered_by")
    return {row.person_id: row for row in rows.order_by("pk")}


def lacks_of(person: Person, stops: Iterable[Finding]) -> tuple[str, ...]:
    """Names what the person has not given yet. Whoever has given an education that is too low cannot be helped."""
    words = {
        "person.no_id_photo": "证件照",
        "exam.education": "" if person.education else "学历",
        "exam.title": "" if person.professional_title else "职称",
    }
    return tuple(word for stop in stops if (word := words.get(stop.code, "")))


def people_of(candidates: Iterable[Candidate]) -> dict[int, Person]:
    return Person.objects.in_bulk({one.person_id for one in candidates})
