"""Says who may confirm an import or give it up."""

from __future__ import annotations

from accounts.models import User
from administration.models import ImportRun


def why_not_confirm(user: User, run: ImportRun) -> str | None:
    """The rows are judged and recorded as those of whoever has uploaded them."""
    if run.user_id == user.pk:
        return None
    return f"只有上传文件的人（{run.by}）可以确认。需要由您导入的，请先放弃这一份，再自己上传。"


def why_not_discard(user: User, run: ImportRun) -> str | None:
    if run.user_id == user.pk or (run.office_id is not None and run.office_id == user.office_id):
        return None
    return f"只有上传文件的部门（{run.office.name if run.office else run.by}）可以放弃它。"
