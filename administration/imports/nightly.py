"""Deletes previews that nobody has confirmed, with their files."""

from __future__ import annotations

from administration.models import JobRun
from administration.nightly import nightly

from .uploads import expire_previews


@nightly("import_previews", "清理没有确认的导入预览", at=(1, 50), labels={"expired": "过期未确认"})
def delete_late_previews(run: JobRun) -> dict[str, int]:
    return {"expired": expire_previews()}
