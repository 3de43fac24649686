"""Deletes old counts of the interface."""

from __future__ import annotations

from django.utils import timezone

from administration.models import JobRun
from administration.nightly import nightly

from .services import forget_old_uses


@nightly("verification_uses", "清除旧的核验用量", at=(0, 55), labels={"forgotten": "清除"})
def run_forget_uses(run: JobRun) -> dict[str, int]:
    return {"forgotten": forget_old_uses(now=timezone.now())}
