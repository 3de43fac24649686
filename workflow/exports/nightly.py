"""Deletes the files of unmasked lists whose time is over."""

from __future__ import annotations

from administration.models import JobRun
from administration.nightly import nightly

from .services import delete_expired


@nightly("export_files", "清理未脱敏导出文件", cron="17 * * * *", labels={"deleted": "已删除"})
def run_delete_exports(run: JobRun) -> dict[str, int]:
    """Runs every hour, since nobody may take a file after its time."""
    return {"deleted": delete_expired()}
