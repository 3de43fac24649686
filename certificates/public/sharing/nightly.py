"""Deletes share links that ended long ago."""

from __future__ import annotations

from django.utils.timezone import now

from administration.models import JobRun
from administration.nightly import nightly

from .services import forget_links


@nightly("share_links", "证书分享链接清理", at=(3, 45), labels={"forgotten": "已清理"})
def run_share_links(run: JobRun) -> dict[str, int]:
    return {"forgotten": forget_links(now=now())}
