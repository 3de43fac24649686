"""Reads the cases of face review that a clerk may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.enums import ReviewState
from accounts.models import FaceReview, User


def reviews_for(user: User) -> QuerySet[FaceReview]:
    """Answers reviews of the office's city, and those of persons without a known city; the province gets all."""
    waiting = FaceReview.objects.filter(state=ReviewState.WAITING).order_by("id")
    if user.office is None:
        return waiting.none()
    city = user.office.region.city_code
    return waiting if city.endswith("0000") else waiting.filter(Q(city=city) | Q(city=""))


def waiting_reviews(user: User, *, limit: int) -> list[FaceReview]:
    return list(reviews_for(user).select_related("person", "check_record")[:limit])


def waiting_review(user: User, pk: int) -> FaceReview | None:
    """Answers None for a case that is decided or belongs to another city, as for one that never was."""
    return reviews_for(user).select_related("person", "check_record").filter(pk=pk).first()


def was_opened(pk: int) -> bool:
    return FaceReview.objects.filter(pk=pk).exists()
