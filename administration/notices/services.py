"""Publishes public notices and strikes them out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from administration.models import (
    Notice,
    NoticeLine,
)


@transaction.atomic
def publish_notice(
    *, kind: str, title: str, body: str, lines: Iterable[tuple[str, str]], office_id: int | None, now: datetime
) -> Notice:
    """`lines` are source and text of each matter."""
    notice = Notice.objects.create(kind=kind, title=title, body=body, published_at=now, office_id=office_id)
    NoticeLine.objects.bulk_create(NoticeLine(notice=notice, source=source, text=text[:300]) for source, text in lines)
    return notice


@transaction.atomic
def withdraw_notice_lines(sources: Iterable[str], *, now: datetime) -> None:
    """Strikes out what was overturned; a notice without any line left is withdrawn."""
    lines = NoticeLine.objects.filter(source__in=list(sources), withdrawn_at__isnull=True)
    notices = list(lines.values_list("notice_id", flat=True))
    lines.update(withdrawn_at=now)
    standing = NoticeLine.objects.filter(notice_id__in=notices, withdrawn_at__isnull=True).values("notice_id")
    Notice.objects.filter(pk__in=notices).exclude(pk__in=standing).update(withdrawn_at=now)
