"""Says how imports of other provinces' registers are taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from accounts.models import Person
from administration.imports.reversing import WAYS, Obstacles
from administration.imports.row_ways import Made, RowWay
from administration.models import ImportReversal, ImportRun
from certificates.models import OutOfProvinceCertificate
from certificates.state.snapshots import refresh_for_people
from common.dates import chinese_date
from common.findings import Finding

from .importing import KIND, TITLES


class OutOfProvinceWay(RowWay):
    model = OutOfProvinceCertificate
    titles = TITLES | {"name": "姓名", "settled_at": "换证或注销"}
    promise = "新增的外省证书从登记中删除，更新过的恢复原来的内容；持证人在本省的申请按恢复后的内容检查。"

    def built_on(self, there: Sequence[Made], run: ImportRun, user_id: int | None) -> Obstacles:
        found: Obstacles = defaultdict(list)
        for made in there:
            if made.one.settled_at is not None:
                when = chinese_date(made.one.ended_on or made.one.settled_at)
                detail = "已据此办过业务，请先撤销那项业务。"
                found[made.row.pk].append(Finding("reversal.settled", f"{when}已换证或注销", detail))
        return found

    def undo(self, free: Sequence[Made], reversal: ImportReversal, now: datetime) -> None:
        indexes = {made.one.id_number_index for made in free}
        super().undo(free, reversal, now)
        holders = Person.objects.filter(id_number_index__in=indexes)
        refresh_for_people(set(holders.values_list("pk", flat=True)), now=now)


WAYS.register(KIND, OutOfProvinceWay())
