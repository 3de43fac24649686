"""Deletes what people have said when its time is over."""

from __future__ import annotations

from django.utils.timezone import now

from administration.models import JobRun
from administration.nightly import nightly

from .services import forget_feedback


@nightly("old_feedback", "清理意见反馈", at=(3, 35), labels={"deleted": "已清理"})
def delete_old_feedback(run: JobRun) -> dict[str, int]:
    return {"deleted": forget_feedback(now=now())}
