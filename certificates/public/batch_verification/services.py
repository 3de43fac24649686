"""Gives out and takes back the keys of the interface, and counts what is asked with each."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.timezone import localdate

from accounts.access import audit
from accounts.models import User
from certificates.models import VerificationKey, VerificationUse
from common.dates import add_months
from common.encryption import blind_index
from common.findings import Finding, Refused

BEGINNING = "jxv_"
LONGEST_MONTHS = 12
MOST_ROWS_PER_DAY = 1_000_000
_SHOWN = len(BEGINNING) + 6


def hash_of(key: str) -> str:
    return blind_index(key, "verification key")


@transaction.atomic
def issue_key(
    *, holder: str, purpose: str, rows_per_day: int, expires_on: date, by: User, now: datetime
) -> tuple[VerificationKey, str]:
    """Answers the row and the key itself, which is told once and stored nowhere. Raises Refused with every reason."""
    found = []
    if not localdate(now) < expires_on <= add_months(localdate(now), LONGEST_MONTHS):
        detail = f"最早从明天起，最长 {LONGEST_MONTHS} 个月；到期前可以另发一个新密钥。"
        found.append(Finding("key.expiry", "有效期不对", detail, facts={"field": "expires_on"}))
    if not 0 < rows_per_day <= MOST_ROWS_PER_DAY:
        detail = f"1 至 {MOST_ROWS_PER_DAY:,} 条。"
        found.append(Finding("key.limit", "每天最多核验条数不对", detail, facts={"field": "rows_per_day"}))
    if found:
        raise Refused(*found)
    key = BEGINNING + secrets.token_urlsafe(32)
    row = VerificationKey.objects.create(
        holder=holder,
        purpose=purpose,
        mark=key[:_SHOWN],
        key_hash=hash_of(key),
        rows_per_day=rows_per_day,
        expires_on=expires_on,
        created_at=now,
        created_by=by,
    )
    detail_of = {"holder": holder, "mark": row.mark, "rows_per_day": rows_per_day, "expires_on": expires_on.isoformat()}
    audit.record("verification_key.issue", by=by, about=row, detail=detail_of)
    return row, key


@transaction.atomic
def revoke_key(key_id: int, *, reason: str, by: User, now: datetime) -> None:
    """Raises Refused where somebody else was faster."""
    row = VerificationKey.objects.select_for_update().get(pk=key_id)
    if row.revoked_at is not None:
        raise Refused(Finding("key.revoked", "这个密钥已经停用", "不需要再次操作。"))
    row.revoked_at, row.revoked_by, row.revoke_reason = now, by, reason
    row.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    audit.record("verification_key.revoke", by=by, about=row, detail={"mark": row.mark, "reason": reason})


@transaction.atomic
def count_use(key: VerificationKey, *, rows: int, now: datetime) -> int | None:
    """Answers how many rows the key may still ask today, or None if these were too many: then nothing is counted."""
    if rows > key.rows_per_day:
        return None
    table = VerificationUse._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS known (key_id, day, requests, rows) VALUES (%s, %s, 1, %s) "  # noqa: S608
            "ON CONFLICT (key_id, day) DO UPDATE SET requests = known.requests + 1, rows = known.rows + excluded.rows "
            "WHERE known.rows + excluded.rows <= %s RETURNING rows",
            [key.pk, localdate(now), rows, key.rows_per_day],
        )
        found = cursor.fetchone()
    return key.rows_per_day - int(found[0]) if found else None


@transaction.atomic
def forget_old_uses(*, now: datetime) -> int:
    """Answers how many rows."""
    return VerificationUse.objects.filter(day__lt=localdate(now) - timedelta(days=400)).delete()[0]
