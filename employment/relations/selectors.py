"""Reads the employments of an enterprise or of a person, and the open applications about them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404

from common.database.name_search import person_named
from employment.models import Employment, EmploymentItem, EmploymentQuerySet
from workflow.enums import Party
from workflow.models import Application

CONTRACT_SOON = timedelta(days=90)


def staff_of(enterprise_id: int) -> EmploymentQuerySet:
    return Employment.objects.active().filter(enterprise_id=enterprise_id).select_related("person")


def narrowed(staff: EmploymentQuerySet, values: dict[str, Any], *, today: date) -> EmploymentQuerySet:
    """Narrows the list by the values of StaffFilters; an invalid value narrows nothing."""
    if name := values.get("name"):
        staff = staff.filter(person_named("person__name", name))
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


def history_of(person_id: int) -> list[Employment]:
    """Answers all employments of a person with their enterprises, the latest first."""
    rows = Employment.objects.filter(person=person_id).select_related("enterprise", "person")
    return list(rows.order_by("-started_at", "-pk"))


def employment_by_id(pk: int) -> Employment:
    """Answers an employment of any enterprise. Raises Http404."""
    return get_object_or_404(Employment.objects.select_related("person", "enterprise"), pk=pk)


def employment_at(enterprise_id: int, pk: int) -> Employment:
    """Raises Http404 for the employment of another enterprise, too."""
    rows = Employment.objects.filter(enterprise=enterprise_id)
    return get_object_or_404(rows.select_related("person", "enterprise"), pk=pk)


def ends_soon(employment: Employment, today: date) -> bool:
    return employment.contract_to is not None and employment.contract_to <= today + CONTRACT_SOON


def open_ending_of(employment: Employment) -> Application | None:
    """Answers the open application to end the employment."""
    asked = EmploymentItem.objects.filter(is_open=True, employment=employment, application__filed_by=Party.PERSON)
    item = asked.select_related("application").first()
    return item.application if item else None
