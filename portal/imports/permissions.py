"""Says who may confirm an import, give it up or take it back."""

from __future__ import annotations

from accounts.enums import Duty
from accounts.models import User
from accounts.people.natural_persons import is_same_person
from administration.enums import OfficeKind
from administration.imports.reversing import WAYS
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


def why_not_reverse(user: User, run: ImportRun) -> str | None:
    """The office that uploaded a file takes it back, or the province; old records may be anybody's, so only the province."""
    is_provincial = (
        user.office is not None and user.office.kind == OfficeKind.PROVINCIAL and Duty.REGISTRY in user.duties
    )
    if is_provincial:
        return None
    if WAYS[run.kind].is_provincial:
        return "历史数据的导入由省厅“登记台账”岗位撤回。发现有误的，请联系省厅。"
    if run.office_id is not None and run.office_id == user.office_id:
        return None
    return f"这次导入由{run.office.name if run.office else '省厅'}或省厅“登记台账”岗位撤回。"
