"""Reads proposals to change employments in place, and the terms that employments had before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from common.dates import chinese_date
from employment.models import Employment, EmploymentItem, FormerTerms
from employment.terms_in_words import changes_in_words, contract_text, post_words, side_by_side
from workflow.enums import Party, Status
from workflow.models import Application

from .terms import terms_of


def awaiting_person(enterprise_id: int, *, is_open: bool) -> QuerySet[Application]:
    """Answers everything about employments that the enterprise asks people to confirm: new ones and changes in place.

    One subquery has both, since OR over two would be judged against the items of all enterprises.
    """
    items = EmploymentItem.objects.filter(is_open=is_open)
    found = Application.objects.filter(
        pk__in=items.values("application_id"), enterprise=enterprise_id, filed_by=Party.ENTERPRISE
    ).select_related("person", "enterprise")
    return found if is_open else found.exclude(status__in=[Status.DRAFT, Status.APPROVED])


def open_changes(employments: Iterable[Employment]) -> dict[int, Application]:
    """Maps an employment to the proposal to change it that waits for the person."""
    items = EmploymentItem.objects.filter(
        is_open=True, employment__in=list(employments), application__filed_by=Party.ENTERPRISE
    ).select_related("application")
    return {item.employment_id: item.application for item in items if item.employment_id is not None}


@dataclass(frozen=True)
class WaitingChange:
    application: Application
    rows: list[tuple[str, str, str]]
    summary: list[tuple[str, str]]


def waiting_changes_to(person_id: int) -> QuerySet[Application]:
    """Answers the changes that wait for the person's answer, the most urgent first; the person files about ends."""
    items = EmploymentItem.objects.filter(employment__isnull=False, is_open=True)
    found = Application.objects.filter(pk__in=items.values("application_id"), filed_by=Party.ENTERPRISE)
    return found.filter(person=person_id).select_related("person", "enterprise").order_by("due_on", "pk")


def changes_of(applications: Iterable[Application]) -> list[WaitingChange]:
    return [
        WaitingChange(application, side_by_side(application.payload), changes_in_words(application.payload))
        for application in applications
    ]


def employment_to_renew(enterprise_id: int, pk: int) -> Employment:
    """Raises Http404 for the employment of another enterprise, too."""
    rows = Employment.objects.filter(enterprise=enterprise_id)
    return get_object_or_404(rows.select_related("person", "enterprise"), pk=pk)


@dataclass(frozen=True)
class FormerRow:
    posts: str
    contract: str
    until: str


def former_terms_of(employments: Iterable[Employment]) -> dict[int, list[FormerRow]]:
    """Maps an employment to the terms that it had before, the oldest first."""
    found: dict[int, list[FormerRow]] = {}
    for row in FormerTerms.objects.filter(employment__in=list(employments)).order_by("pk"):
        contract, until = contract_text(terms_of(row)), chinese_date(row.replaced_at)
        found.setdefault(row.employment_id, []).append(FormerRow(post_words(row.posts), contract, until))
    return found
