"""Policy parameters: declared here with their meaning, valued by dated rows (`Parameter`), never by constants in code.

A `ParameterBook` is loaded once per request or batch and remembers which values were used, so that a decision can
store the versions it was made by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .models import Parameter


@dataclass(frozen=True)
class Declared:
    key: str
    title: str
    unit: str
    seed: int | str
    """Value that a new installation starts with; afterwards only rows count."""


DECLARED = {
    declared.key: declared
    for declared in (
        Declared("extension_window_months", "延续申请可提前的月数", "月", 3),
        Declared("training_hours_per_term", "每个有效期内的继续教育学时", "学时", 24),
        Declared("employer_change_cool_down_months", "执业企业变更间隔", "月", 6),
        Declared("acceptance_days", "受理或一次性告知补正的期限", "工作日", 5),
        Declared("decision_days_issue", "首次发证、延续的决定期限", "工作日", 20),
        Declared("decision_days_change", "变更、换发的决定期限", "工作日", 5),
        Declared("decision_days_transfer_out", "跨省调出的决定期限", "工作日", 4),
        Declared("decision_days_other", "其他业务的决定期限", "工作日", 20),
        Declared("former_employer_days", "证书所在单位未确认转地市的期限", "工作日", 5),
        Declared("employer_days", "受聘企业未确认自动终止的期限", "工作日", 15),
        Declared("employment_end_days", "受聘企业未答复解除申请转地市的期限", "工作日", 10),
        Declared("proposal_days", "聘用申请有效期", "天", 15),
        Declared("supplement_days", "补正期限", "天", 30),
        Declared("term_years", "证书有效期", "年", 3),
        Declared("bar_false_material_months", "提供虚假材料后不得再次申请的期限", "月", 12),
        Declared("bar_fraud_months", "以欺骗等手段取得证书被撤销后不得再次申请的期限", "月", 36),
        Declared("bar_accident_months", "因事故责任被吊销后不得担任主要负责人、项目负责人的期限", "月", 60),
        Declared("bar_absence_months", "无故缺考后不得报名的期限", "月", 6),
        Declared("bar_cheating_months", "考试作弊后不得报名的期限", "月", 12),
        Declared("undivided_c_category", "未分类C证对应的类别", "类别", "C3"),
    )
}

SEEDED_FROM = date(2000, 1, 1)
SEED_DOCUMENT = "系统初始参数"


class UnknownParameter(LookupError):
    """A key that is not declared, or has no value on that day: an error of ours, not of the user."""


class ParameterBook:
    """All parameters with all their dates, in one query."""

    def __init__(self, rows: Iterable[Parameter]) -> None:
        self._rows: dict[str, list[Parameter]] = defaultdict(list)
        for row in rows:
            self._rows[row.key].append(row)
        for values in self._rows.values():
            values.sort(key=lambda row: row.effective_from, reverse=True)
        self.used: dict[str, list[object]] = {}
        """key → [value, effective from, document number] of what was asked so far."""

    @classmethod
    def load(cls) -> ParameterBook:
        return cls(Parameter.objects.all())

    def row(self, key: str, on: date) -> Parameter:
        if key not in DECLARED:
            raise UnknownParameter(key)
        for row in self._rows[key]:
            if row.effective_from <= on:
                self.used[key] = [row.value, row.effective_from.isoformat(), row.document_number]
                return row
        raise UnknownParameter(f"{key} has no value on {on}")

    def integer(self, key: str, on: date) -> int:
        return int(self.row(key, on).value)

    def text(self, key: str, on: date) -> str:
        return str(self.row(key, on).value)
