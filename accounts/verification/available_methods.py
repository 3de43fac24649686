"""Lists what a person can use for a second verification today, and why the other methods are not available."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone

from accounts.access.sessions import VERIFIED_FOR
from accounts.credentials import passkeys
from accounts.credentials.selectors import second_factor_of
from accounts.enums import FacePurpose, FaceResult, ReviewState
from accounts.models import CounterCode, FaceCheck, FaceConsent, FaceReview, Person
from administration.parameters.book import ParameterBook
from common.findings import Finding

from . import messages

CONSENT_VERSION = "2026-11"
"""The version is that of templates/accounts/face_consent_text.html; another text asks everybody anew."""


@dataclass(frozen=True)
class AvailableMethods:
    has_portrait: bool
    has_consent: bool
    tries_left: int
    waiting: FaceReview | None
    approved: FaceReview | None
    refused: FaceReview | None
    has_totp: bool
    may_use_totp: bool
    has_passkey: bool

    @property
    def no_face(self) -> Finding | None:
        """Answers why the camera cannot be used at all now; a missing consent is asked for on the way."""
        if not self.has_portrait:
            return messages.NO_PORTRAIT
        return None if self.tries_left else messages.NO_TRIES_LEFT

    @property
    def has_own_way(self) -> bool:
        """Tells whether the person can verify without going to a counter."""
        by_device = self.may_use_totp or self.has_passkey
        return self.no_face is None or by_device or self.waiting is not None or self.approved is not None

    @property
    def as_findings(self) -> list[Finding]:
        return [self.no_face] if self.no_face else []


def available_methods_of(person: Person, *, now: datetime) -> AvailableMethods:
    factor = second_factor_of(person.user_id)
    reviews = {
        review.state: review
        for review in FaceReview.objects.filter(person=person, used_at__isnull=True)
        .filter(Q(state=ReviewState.WAITING) | Q(decided_at__gte=now - approval_lasts(now)))
        .order_by("id")
    }
    return AvailableMethods(
        has_portrait=bool(person.portrait),
        has_consent=has_consent(person),
        tries_left=tries_left(person, now=now),
        waiting=reviews.get(ReviewState.WAITING),
        approved=reviews.get(ReviewState.APPROVED),
        refused=reviews.get(ReviewState.REFUSED),
        has_totp=factor is not None,
        may_use_totp=factor is not None and _was_verified(person, before=factor.enrolled_at),
        has_passkey=person.user_id is not None and passkeys.has_usable(person.user_id),
    )


def has_consent(person: Person) -> bool:
    return FaceConsent.objects.filter(person=person, withdrawn_at__isnull=True, text_version=CONSENT_VERSION).exists()


def has_withdrawn(person: Person) -> bool:
    """The last answer was a withdrawal, so a face login must not take the tick on its page for a new consent."""
    latest = FaceConsent.objects.filter(person=person).first()
    return latest is not None and latest.withdrawn_at is not None


def may_use_totp(person: Person) -> bool:
    """An authenticator counts only if it was added after a verification; otherwise the password alone would suffice
    for all.
    """
    factor = second_factor_of(person.user_id)
    return factor is not None and _was_verified(person, before=factor.enrolled_at)


def _was_verified(person: Person, *, before: datetime) -> bool:
    """Tells whether a face or a clerk verified the person so shortly before that the verification still held."""
    span = (before - VERIFIED_FOR, before)
    return (
        FaceCheck.objects.filter(
            person=person, purpose=FacePurpose.VERIFY, result=FaceResult.ACCEPTED, at__range=span
        ).exists()
        or CounterCode.objects.filter(person=person, used_at__range=span).exists()
        or FaceReview.objects.filter(person=person, used_at__range=span).exists()
    )


def approval_lasts(now: datetime) -> timedelta:
    """An approval lasts as long as a code from the counter, since both say that a clerk has seen the person."""
    return timedelta(hours=ParameterBook.load().integer("counter_code_hours", timezone.localdate(now)))


def tries_left(person: Person, *, now: datetime) -> int:
    """Counts failures of today since the last success; a try that showed no face to compare does not count."""
    allowed = ParameterBook.load().integer("face_tries", timezone.localdate(now))
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    since = max([midnight, *_successes(person)])
    failed = FaceCheck.objects.filter(
        person=person,
        purpose=FacePurpose.VERIFY,
        result__in=(FaceResult.REJECTED, FaceResult.REPEAT),
        score__isnull=False,
        at__gte=since,
    ).count()
    return max(0, allowed - failed)


def _successes(person: Person) -> list[datetime]:
    found = (
        FaceCheck.objects.filter(person=person, result=FaceResult.ACCEPTED).aggregate(at=Max("at")),
        CounterCode.objects.filter(person=person).aggregate(at=Max("used_at")),
        FaceReview.objects.filter(person=person, state=ReviewState.APPROVED).aggregate(at=Max("decided_at")),
    )
    return [each["at"] for each in found if each["at"] is not None]


def takes_frames() -> bool:
    """Is False where the provider has a page of its own."""
    return bool(settings.FACE_PROVIDER != "page")
