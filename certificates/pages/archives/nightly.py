"""Deletes packed e-certificates that were kept long enough."""

from __future__ import annotations

from administration.models import JobRun
from administration.nightly import nightly

from .packing import delete_old_archives


@nightly("certificate_archives", "清理打包的电子证书", at=(3, 55), labels={"deleted": "已删除"})
def run_delete_archives(run: JobRun) -> dict[str, int]:
    """Copies of certificates are kept for some days only."""
    return {"deleted": delete_old_archives()}
