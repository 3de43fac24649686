"""Reads the logins of staff and administrators for the security administrator."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.access import login_sessions
from accounts.models import SecondFactor, User
from common.database.name_search import organisation_named, person_named
from common.text.chinese import half_width, without_blanks


def staff_logins() -> QuerySet[User]:
    """Each row has `has_factor`: whether the login has a second factor."""
    factor = SecondFactor.objects.filter(user=OuterRef("pk"))
    return (
        User.objects.filter(sphere__in=login_sessions.ONE_AT_A_TIME)
        .select_related("office")
        .annotate(has_factor=Exists(factor))
        .order_by("login", "id")
    )


def staff_logins_matching(*, words: str = "", sphere: str = "") -> QuerySet[User]:
    """Matches words with the login, the name and the office; an empty value narrows nothing."""
    rows = staff_logins()
    if words:
        rows = rows.filter(
            Q(login__startswith=without_blanks(half_width(words)).lower())
            | person_named("name", words)
            | organisation_named("office__name", words)
        )
    return rows.filter(sphere=sphere) if sphere else rows


def without_factor() -> int:
    """Counts the active logins of staff and administrators that have no second factor yet."""
    return staff_logins().filter(is_active=True, second_factor=None).count()


def staff_login(pk: int) -> User:
    """Raises Http404 for the login of a person or an operator, too."""
    return get_object_or_404(staff_logins(), pk=pk)
