"""Deletes the lists of exams that are long over."""

from __future__ import annotations

from administration.models import JobRun
from administration.nightly import nightly

from .orders import delete_old_papers


@nightly("exam_papers", "清理考场材料", at=(3, 50), labels={"deleted": "已删除"})
def run_delete_papers(run: JobRun) -> dict[str, int]:
    """Names and photos are kept no longer than the exam needs them."""
    return {"deleted": delete_old_papers()}
