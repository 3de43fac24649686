"""Notices as public pages list them."""

from __future__ import annotations

from administration.models import Notice, NoticeQuerySet


def latest_notices(limit: int) -> NoticeQuerySet:
    return Notice.objects.public()[:limit]
