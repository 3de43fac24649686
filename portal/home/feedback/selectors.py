"""Reads what people have said, and which office answers it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User
from administration.enums import OfficeKind
from administration.models import Feedback, Office
from administration.parameters.book import ParameterBook

ORDER = ("-id",)
CAP = 100


def answers_feedback(user: User) -> bool:
    """Tells whether a login is of the office that the setting names. Where no such office is active, the province answers."""
    if user.office is None:
        return False
    wanted: str = settings.FEEDBACK_OFFICE
    if wanted and user.office.name == wanted:
        return True
    if user.office.kind != OfficeKind.PROVINCIAL:
        return False
    return not wanted or not Office.objects.filter(name=wanted, is_active=True).exists()


def all_feedback() -> QuerySet[Feedback]:
    return Feedback.objects.all()


def one_of(pk: int) -> Feedback | None:
    return Feedback.objects.filter(pk=pk).first()


def waiting_feedback_count() -> int:
    return Feedback.objects.filter(answered_at__isnull=True).order_by("-id")[:CAP].count()


def days_kept(day: date) -> int:
    return ParameterBook.load().integer("feedback_days", day)
