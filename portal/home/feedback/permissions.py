"""Says who may read and answer what people have said."""

from __future__ import annotations

from accounts.enums import Duty
from accounts.models import User

from .selectors import answers_feedback

DUTIES = (Duty.DECIDE, Duty.REGISTRY)
NOT_YOURS = "意见反馈由指定的主管部门里有“省厅审核”“登记台账”职责的工作人员查看和答复。"


def why_not(user: User) -> str | None:
    is_clerk = user.is_active and not set(DUTIES).isdisjoint(user.duties)
    return None if is_clerk and answers_feedback(user) else NOT_YOURS
