"""Renews the revocation lists of CA keys every hour."""

from __future__ import annotations

from collections.abc import Mapping

from administration.models import JobRun
from administration.nightly import nightly

from .cakey import lists


@nightly(
    "cakey_lists",
    "CA 锁吊销列表更新（每小时）",
    cron="23 * * * *",
    labels=lists.LABELS,
    formerly=["enterprises.refresh_revocation_lists"],
)
def refresh_revocation_lists(run: JobRun) -> Mapping[str, int]:
    return lists.refresh(run)
