"""Reads notices as public pages list them."""

from __future__ import annotations

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone

from administration.models import Notice, NoticeLine, NoticeQuerySet


def latest_notices(limit: int) -> NoticeQuerySet:
    return Notice.objects.public()[:limit]


def public_notices(kind: str = "") -> NoticeQuerySet:
    rows = Notice.objects.public().select_related("office")
    return rows.filter(kind=kind) if kind else rows


def load_published(pk: int) -> Notice:
    """Answers the notice with its lines, also if it was taken down since. Raises Http404."""
    lines = Prefetch("lines", NoticeLine.objects.order_by("pk"))
    published = Notice.objects.filter(published_at__lte=timezone.now())
    return get_object_or_404(published.select_related("office").prefetch_related(lines), pk=pk)
