"""Says who settles old records: whoever keeps the registries of the whole province, since any row may be anybody's."""

from __future__ import annotations

from accounts.enums import Duty
from administration.enums import OfficeKind
from workflow.actors import Actor
from workflow.enums import Party

NOT_YOURS = "历史数据由省厅“登记台账”岗位核实。您的账号不是省厅的，或没有这项职责；发现有误的，请联系省厅。"


def why_not(actor: Actor) -> str | None:
    """Answers None when the actor may settle old records, else the sentence to show."""
    is_provincial = actor.party == Party.OFFICE and actor.office_kind == OfficeKind.PROVINCIAL
    return None if is_provincial and Duty.REGISTRY in actor.duties else NOT_YOURS
