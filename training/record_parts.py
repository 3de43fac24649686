"""Declares that the records of continuing education follow when two records of one person are merged."""

from __future__ import annotations

from accounts.merging.parts import declare_part

from .models import TrainingRecord
from .services import UNIQUE


def _record(row: TrainingRecord) -> str:
    return f"{row.course}，{row.hours} 学时{'（已撤回）' if row.withdrawn_at else ''}"


# A course that both have counts once.
declare_part(
    "training.TrainingRecord.id_number_index",
    "继续教育记录",
    order=30,
    name=_record,
    twins=UNIQUE[1:],
    twins_where={"withdrawn_at__isnull": True},
)
