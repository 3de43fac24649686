"""Reads notices as public pages list them."""

from __future__ import annotations

from django.db.models import Case, F, Prefetch, When
from django.db.models.functions import Greatest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from administration.models import Notice, NoticeAttachment, NoticeLine, NoticeQuerySet


def latest_notices(limit: int) -> NoticeQuerySet:
    return Notice.objects.public()[:limit]


def public_notices(kind: str = "") -> NoticeQuerySet:
    rows = Notice.objects.public().select_related("office")
    return rows.filter(kind=kind) if kind else rows


def load_published(pk: int) -> Notice:
    """Answers the notice with its lines and attachments, also if it was withdrawn since. Raises Http404."""
    return get_object_or_404(_whole().filter(published_at__lte=timezone.now()), pk=pk)


def load_notice(pk: int) -> Notice:
    """Answers any notice, also one for a later day. Raises Http404."""
    return get_object_or_404(_whole(), pk=pk)


def _whole() -> NoticeQuerySet:
    lines = Prefetch("lines", NoticeLine.objects.order_by("pk"))
    attachments = Prefetch("attachments", NoticeAttachment.objects.filter(removed_at__isnull=True).order_by("pk"))
    return Notice.objects.select_related("office").prefetch_related(lines, attachments)


def load_attachment(notice_id: int, pk: int) -> NoticeAttachment:
    """Answers a file of a notice that is public today. Raises Http404."""
    rows = NoticeAttachment.objects.filter(removed_at__isnull=True, notice__in=Notice.objects.public())
    return get_object_or_404(rows, pk=pk, notice=notice_id)


def all_notices(kind: str = "") -> NoticeQuerySet:
    rows = Notice.objects.select_related("office")
    return rows.filter(kind=kind) if kind else rows


def feed_notices(limit: int) -> NoticeQuerySet:
    """Answers the latest with `updated_at`; a notice for a later day is new on that day. Withdrawn news stay, so that
    readers of the feed learn it.
    """
    now = timezone.now()
    withdrawn = Case(When(withdrawn_at__lte=now, then=F("withdrawn_at")), default=F("published_at"))
    updated = Greatest("published_at", "changed_at", withdrawn)
    rows = Notice.objects.filter(published_at__lte=now).select_related("office")
    return rows.annotate(updated_at=updated).order_by("-updated_at", "-pk")[:limit]
