"""The numbers beside menu entries, asked as whoever is reading."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from accounts.models import User
from accounts.people.selectors import reviews_for
from administration.lookups import open_alarms
from workflow.actors import Actor
from workflow.request_actor import actor_or_none
from workflow.selectors.counts import confirmation_count, inbox_count, office_count, overdue_count

from .navigation import Count, register_count


def register_counts() -> None:
    register_count("inbox", INBOX)
    register_count("confirmations", CONFIRMATIONS)
    register_count("office", OFFICE)
    register_count("overdue", OVERDUE)
    register_count("face_reviews", face_reviews)
    register_count("lookup_alarms", lookup_alarms)


def lookup_alarms(request: HttpRequest) -> int:
    return open_alarms().count()


def face_reviews(request: HttpRequest) -> int:
    user = request.user
    return reviews_for(user).count() if isinstance(user, User) else 0


def _asked(count: Callable[[Actor | None], int]) -> Count:
    def answer(request: HttpRequest) -> int:
        return count(actor_or_none(request))

    return answer


INBOX = _asked(inbox_count)
CONFIRMATIONS = _asked(confirmation_count)
OFFICE = _asked(office_count)
OVERDUE = _asked(overdue_count)
