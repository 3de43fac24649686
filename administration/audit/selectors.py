"""Counts what the audit recorded, for home pages, no further than is shown as 1000+."""

from __future__ import annotations

from datetime import date

from administration.models import AuditEntry
from common.dates import midnight
from common.web.paging import capped_text


def acts_since(action: str, day: date, *, actor_id: int | None = None) -> str:
    rows = AuditEntry.objects.filter(action=action, at__gte=midnight(day))
    return capped_text(rows if actor_id is None else rows.filter(actor_id=actor_id))
