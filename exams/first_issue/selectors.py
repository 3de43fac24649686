"""Reads the applications for a first issue."""

from __future__ import annotations

from django.db.models import QuerySet

from workflow.business import Business, business_of
from workflow.models import Application


def first_issue() -> Business:
    """A room above this one declares the business, so it is looked up by its name."""
    return business_of("first_issue")


def open_applications() -> QuerySet[Application]:
    return Application.objects.filter(kind=first_issue().kind, is_open=True)
