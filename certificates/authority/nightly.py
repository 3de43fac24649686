"""Publishes at night what was granted the day before."""

from __future__ import annotations

from django.utils.timezone import now

from administration.models import JobRun
from administration.nightly import nightly

from .announcements import announce_grants


@nightly("grant_notices", "准予许可公告", at=(0, 40), labels={"notices": "公告", "certificates": "证书"})
def run_grant_notices(run: JobRun) -> dict[str, int]:
    return announce_grants(now=now())
