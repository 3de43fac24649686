"""Makes the cases of a first issue from passed entries, with the present employer, and describes them for readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from certificates.enums import Category
from certificates.issuing.first_issue_rules import claim_of, post_of
from employment.selectors import load_works_for
from enterprises.enums import Post
from enterprises.models import Enterprise
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.results.history import Standing
from exams.sign_up.rules import POSTS_OF, posts_at
from workflow.checks import Case
from workflow.models import Application

from .selectors import first_issue


def passed_entries(person_id: int | None) -> QuerySet[ExamEntry]:
    return ExamEntry.objects.filter(person=person_id or 0, state=EntryState.PASSED)


def cases_of(found: Iterable[ExamEntry], *, today: date) -> list[Case]:
    """A case names the enterprise that signed the person up, and the post at that time."""
    entries = list(found)
    places = {one.enterprise_id for one in entries}
    regions = dict(Enterprise.objects.filter(pk__in=places).values_list("pk", "region_id"))
    business = first_issue()
    return [
        Case(
            business=business,
            filing_day=today,
            on=today,
            person_id=one.person_id,
            enterprise_id=one.enterprise_id,
            former_enterprise_id=one.enterprise_id,
            region_id=regions[one.enterprise_id],
            claims=(claim_of(one.person_id, one.category),),
            payload={
                "post": one.post,
                "category": one.category,
                "entry": one.pk,
                "employer": one.enterprise_id,
                "commitment": True,
            },
        )
        for one in entries
    ]


def placed(case: Case) -> Case:
    """The case stays with the enterprise of the entry while the person works there; else it goes to the present
    employer.
    """
    person_id = case.person_id or 0
    works_for = load_works_for([person_id])
    if works_for(person_id, case.former_enterprise_id, post_of(case)):
        place = Enterprise.objects.filter(pk=case.former_enterprise_id or 0).first()
    else:
        place = works_for.employer(person_id)
    return replace(case, enterprise_id=place.pk, region_id=place.region_id) if place else case


def form_values(case: Case) -> dict[str, Any]:
    """Answers the arguments of `FirstIssueForm` for one case."""
    entry = ExamEntry.objects.filter(pk=case.payload.get("entry") or 0).first()
    registered = posts_at(load_works_for([case.person_id]), case.person_id or 0, case.enterprise_id)
    allowed = {str(post) for post in POSTS_OF[Category(entry.category)]} if entry else set()
    return {
        "entry": entry,
        "enterprise": Enterprise.objects.filter(pk=case.enterprise_id or 0).first(),
        "posts": sorted((registered & allowed) or {post_of(case)} & set(Post.values)),
    }


def exam_lines(case: Case) -> list[str]:
    found = ExamEntry.objects.filter(pk=case.payload.get("entry") or 0).select_related("batch")
    return [f"{one.category}证（{one.get_category_display()}），{one.batch.name}" for one in found]


def exam_facts(applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
    """Maps an application to its category, exam and scores, in one query."""
    wanted = {application.pk: application.payload.get("entry") for application in applications}
    found = ExamEntry.objects.select_related("batch").in_bulk({pk for pk in wanted.values() if pk})
    return {pk: _described(found[entry]) if entry in found else [] for pk, entry in wanted.items()}


def _described(entry: ExamEntry) -> list[tuple[str, str]]:
    return [
        ("类别", f"{entry.category}证（{entry.get_category_display()}）"),
        ("考试", entry.batch.name),
        ("成绩", Standing.of(entry).scores),
    ]
