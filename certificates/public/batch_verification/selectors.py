"""Reads keys: one by what a program sends, and those that an administrator looks through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from certificates.models import VerificationKey, VerificationUse

from .services import BEGINNING, hash_of

RECENT = timedelta(days=30)
MOST_SHOWN = 200


@dataclass(frozen=True)
class KeyRow:
    key: VerificationKey
    state: str
    tone: str
    rows_today: int
    rows_recently: int
    last_day: date | None

    @property
    def is_usable(self) -> bool:
        return self.tone == "good"


def key_of(text: str) -> VerificationKey | None:
    """Answers the key that has this text, revoked and expired ones included."""
    if not text.startswith(BEGINNING) or len(text) > 100:
        return None
    return VerificationKey.objects.filter(key_hash=hash_of(text)).first()


def why_not_usable(key: VerificationKey, today: date) -> str:
    if key.revoked_at is not None:
        return "已停用"
    return "已过期" if key.expires_on < today else ""


def key_rows(today: date) -> list[KeyRow]:
    """Answers the latest keys, each with what was asked with it."""
    keys = list(VerificationKey.objects.select_related("created_by", "revoked_by").order_by("-id")[:MOST_SHOWN])
    uses = VerificationUse.objects.filter(key__in=keys, day__gt=today - RECENT)
    recent = {row["key"]: row["asked"] for row in uses.order_by().values("key").annotate(asked=Sum("rows"))}
    latest = {use.key_id: use for use in uses.order_by("day", "id")}
    return [_row(key, today, recent.get(key.pk, 0), latest.get(key.pk)) for key in keys]


def _row(key: VerificationKey, today: date, recent: int, latest: VerificationUse | None) -> KeyRow:
    reason = why_not_usable(key, today)
    rows_today = latest.rows if latest and latest.day == today else 0
    return KeyRow(
        key, reason or "使用中", "info" if reason else "good", rows_today, recent, latest.day if latest else None
    )


def find_key(pk: int) -> VerificationKey | None:
    return VerificationKey.objects.select_related("created_by", "revoked_by").filter(pk=pk).first()
