"""Counts for the reader what menu entries show beside their names."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.corrections.selectors import waiting_count
from accounts.deaths.selectors import deaths_count
from accounts.models import User
from accounts.verification.selectors import reviews_for
from administration.lookups.limits import open_alarms
from certificates.legacy.settling.permissions import why_not
from certificates.legacy.settling.selectors import waiting
from employment.restoring.selectors import to_restore
from enterprises.business_registry.selectors import clerks_count
from enterprises.code_change.selectors import waiting_requests_count
from exams.results.selectors import unsettled_count
from exams.reviewing.selectors import CAP
from exams.reviewing.selectors import waiting_count as entries_count
from portal.home.feedback.selectors import waiting_feedback_count
from workflow.actors import Actor
from workflow.exports.selectors import waiting_exports
from workflow.request_actor import actor_or_none, kept_menu_count
from workflow.selectors.counts import confirmation_count, inbox_count, office_count, overdue_count
from workflow.selectors.mailboxes import unread_messages

from .rendering import MENU_COUNTS, Count


def lookup_alarms(request: HttpRequest) -> int:
    return open_alarms().count()


def export_requests(request: HttpRequest) -> int:
    return waiting_exports().count()


def face_reviews(request: HttpRequest) -> int:
    user = request.user
    return reviews_for(user).count() if isinstance(user, User) else 0


def corrections(request: HttpRequest) -> int:
    user = request.user
    return waiting_count(user) if isinstance(user, User) else 0


def deaths(request: HttpRequest) -> int:
    user = request.user
    return deaths_count(user) if isinstance(user, User) else 0


def settling(request: HttpRequest) -> int:
    """Counts the old records that wait for a clerk, as long as one may decide about them."""
    actor = actor_or_none(request)
    return waiting().count() if actor is not None and why_not(actor) is None else 0


def to_restore_now(request: HttpRequest) -> int:
    """Counts the enterprises that exist again and whose people still wait, however the register came to be corrected."""
    return to_restore(localdate()).count()


def registry(request: HttpRequest) -> int:
    return clerks_count(timezone.now())


def code_requests(request: HttpRequest) -> int:
    return waiting_requests_count()


def feedback(request: HttpRequest) -> int:
    return waiting_feedback_count()


def messages(request: HttpRequest) -> int:
    kept = kept_menu_count(request, "messages")
    if kept is not None:
        return kept
    user = request.user
    return unread_messages(actor_or_none(request), user) if isinstance(user, User) else 0


def inbox(request: HttpRequest) -> int:
    kept = kept_menu_count(request, "inbox")
    return inbox_count(actor_or_none(request)) if kept is None else kept


def exam_work(request: HttpRequest) -> int:
    """Counts the entries to review, and for an organiser what is not settled after its exams."""
    actor = actor_or_none(request)
    return entries_count(actor) + unsettled_count(actor, localdate(), most=CAP)


def _asked(count: Callable[[Actor | None], int]) -> Count:
    def answer(request: HttpRequest) -> int:
        return count(actor_or_none(request))

    return answer


CONFIRMATIONS = _asked(confirmation_count)
OFFICE = _asked(office_count)
OVERDUE = _asked(overdue_count)


MENU_COUNTS.register("inbox", inbox)
MENU_COUNTS.register("messages", messages)
MENU_COUNTS.register("confirmations", CONFIRMATIONS)
MENU_COUNTS.register("office", OFFICE)
MENU_COUNTS.register("overdue", OVERDUE)
MENU_COUNTS.register("exam_work", exam_work)
MENU_COUNTS.register("face_reviews", face_reviews)
MENU_COUNTS.register("lookup_alarms", lookup_alarms)
MENU_COUNTS.register("export_requests", export_requests)
MENU_COUNTS.register("corrections", corrections)
MENU_COUNTS.register("deaths", deaths)
MENU_COUNTS.register("settling", settling)
MENU_COUNTS.register("to_restore", to_restore_now)
MENU_COUNTS.register("registry", registry)
MENU_COUNTS.register("code_requests", code_requests)
MENU_COUNTS.register("feedback", feedback)
