"""Stores the display status of certificates, for lists, filters and statistics."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.timezone import now as utc_now

from certificates.facts.holdings import load_holdings
from common.database.set_updates import update_rows

from .display import answer_all

CHUNK = 1000


def refresh_for_people(person_ids: Collection[int], *, now: datetime | None = None) -> int:
    """Computes the status, stores what changed, and answers how many rows did. It takes a few queries per 1,000 people."""
    now = now or utc_now()
    ids = sorted(person_ids)
    return sum(_refresh(ids[start : start + CHUNK], now) for start in range(0, len(ids), CHUNK))


def _refresh(person_ids: Collection[int], now: datetime) -> int:
    facts = load_holdings(person_ids)
    changed = []
    for pk, answer in answer_all(facts).items():
        certificate = facts.certificates[pk]
        codes = [finding.code for finding in answer.findings]
        if (
            certificate.display_status != answer.status
            or certificate.display_codes != codes
            or certificate.display_at is None
        ):
            certificate.display_status, certificate.display_codes, certificate.display_at = answer.status, codes, now
            changed.append(certificate)
    update_rows(changed, ["display_status", "display_codes", "display_at"])
    return len(changed)
