"""Says what employments stand against taking back an import that made an enterprise exist again."""

from __future__ import annotations

from collections.abc import Sequence

from administration.imports.reversing import Obstacles
from administration.imports.row_ways import Made
from administration.models import ImportRun
from common.findings import Cure, Finding
from enterprises.enums import EnterpriseStatus
from enterprises.register.reversing import ENTERPRISES

from .models import Employment


@ENTERPRISES.against
def employs_people(there: Sequence[Made], run: ImportRun) -> Obstacles:
    again = [
        made for made in there if made.before.get("status", EnterpriseStatus.EXISTING) != EnterpriseStatus.EXISTING
    ]
    staff = Employment.objects.filter(enterprise__in=[made.one.pk for made in again], ended_at__isnull=True)
    employers = set(staff.values_list("enterprise_id", flat=True))
    cure = Cure("查看聘用关系", "employment:office")
    detail = "撤回会使企业重新成为注销、吊销状态。确已注销、吊销的，请重新导入或由登记人员办理。"
    return {
        made.row.pk: [Finding("reversal.employs", "企业恢复后有在职人员", detail, cure=cure)]
        for made in again
        if made.one.pk in employers
    }
