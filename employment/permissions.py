"""Says who may end an employment on evidence."""

from __future__ import annotations

from accounts.enums import Duty
from administration.enums import RouteDesk
from administration.offices.selectors import Routing
from common.findings import Finding
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.enums import Party

from .models import Employment


def why_not_end_by_office(
    actor: Actor, employment: Employment, enterprise: Enterprise, routing: Routing | None = None
) -> Finding | None:
    """Allows only the office that answers for the place where the enterprise is registered."""
    if actor.party != Party.OFFICE or Duty.REVIEW not in actor.duties:
        return Finding("employment.not_reviewer", "只有地市审核人员可以依据证明材料解除聘用关系")
    if not employment.is_active:
        return Finding("employment.ended", "该聘用关系已经解除", "不需要再次操作。")
    office = (routing or Routing()).office(enterprise.region_id, RouteDesk.MUNICIPAL)
    if office is None or office.pk != actor.office_id:
        responsible = office.name if office else "企业注册地主管部门"
        return Finding(
            "employment.other_office",
            f"{enterprise.name}注册在其他地区，不由本部门办理",
            "由企业注册地的主管部门核验材料后解除。",
            turn=responsible,
        )
    return None
