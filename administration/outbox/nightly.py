"""Deletes what the log of the outbox need not keep any longer."""

from __future__ import annotations

from django.utils.timezone import now

from administration.models import JobRun
from administration.nightly import nightly

from .ageing import forget_old


@nightly("old_deliveries", "清理外发消息记录", at=(2, 25), labels={"deleted": "已清理"})
def delete_old_deliveries(run: JobRun) -> dict[str, int]:
    return {"deleted": forget_old(now=now())}
