"""Says who may confirm an import or give it up."""

from __future__ import annotations

from accounts.models import User
from accounts.people.natural_persons import is_same_person
from administration.imports.uploads import NEEDS_SECOND
from administration.models import ImportRun


def why_not_confirm(user: User, run: ImportRun) -> str | None:
    """The rows are judged and recorded as those of whoever has uploaded them. Where that person has given a reason for
    unlikely many rows of one kind, another natural person of the same office confirms.
    """
    if run.answered_at is not None:
        return _why_not_second(user, run)
    if run.user_id == user.pk:
        return None
    return f"只有上传文件的人（{run.by}）可以确认。需要由您导入的，请先放弃这一份，再自己上传。"


def _why_not_second(user: User, run: ImportRun) -> str | None:
    office = run.office.name if run.office else run.by
    if run.office_id is None or run.office_id != user.office_id:
        return f"{run.answered_by}已说明理由，由{office}的另一人核对后确认。"
    uploader = User.objects.filter(pk=run.user_id or 0).first()
    if uploader is None or is_same_person(user, uploader):
        return f"{run.answered_by}已说明理由。{NEEDS_SECOND[:-1]}，不能由您本人确认。"
    return None


def why_not_discard(user: User, run: ImportRun) -> str | None:
    if run.user_id == user.pk or (run.office_id is not None and run.office_id == user.office_id):
        return None
    return f"只有上传文件的部门（{run.office.name if run.office else run.by}）可以放弃它。"
