"""Says how imports of training records are taken back: the records are withdrawn, and stay visible as withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from administration.imports.reversing import WAYS
from administration.imports.row_ways import Made, RowWay
from administration.models import ImportReversal, ImportRow

from .models import TrainingRecord
from .services import withdraw_records


class TrainingWay(RowWay):
    model = TrainingRecord
    titles = {"withdrawn_at": "已由培训机构或登记人员撤回", "hours": "学时", "name": "姓名"}
    promise = "这些学时不再计算，记录注明已撤回，保留备查；改正后的文件可以重新导入。"

    def words(self, row: ImportRow) -> str:
        return "记录撤回，学时不再计算"

    def undo(self, free: Sequence[Made], reversal: ImportReversal, now: datetime) -> None:
        withdraw_records([made.one.pk for made in free], reason=f"撤回导入：{reversal.reason}", now=now)


TRAINING = TrainingWay()
WAYS.register("training", TRAINING)
