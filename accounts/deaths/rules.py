"""Says why a death cannot be recorded, or the record cannot be taken back."""

from __future__ import annotations

from datetime import date

from accounts.corrections.selectors import open_cases_of
from accounts.enums import CorrectionKind, CorrectionOutcome, Duty
from accounts.models import Person, RegisterCorrection, User
from common.dates import chinese_date
from common.findings import Cure, Finding

DECIDES = Finding(
    "death.not_yours",
    "死亡登记由省厅审核人员复核",
    "登记后证书依职权注销，只有具有“省厅审核”职责的工作人员可以办理。",
    turn="省厅审核人员",
)
CHANGED = Finding(
    "death.changed",
    "您打开页面之后，此人名下的事项又有变化",
    "页面已按现在的情况重新显示，请重新核对后再办理。",
    turn="省厅审核人员",
)


def decides(user: User) -> bool:
    return Duty.DECIDE in user.duties


def why_not_record(person: Person, *, died_on: date, on: date, case: RegisterCorrection | None = None) -> list[Finding]:
    found = []
    if person.died_on is not None:
        detail = f"登记的死亡日期是{chinese_date(person.died_on)}，不需要再次登记。"
        found.append(Finding("death.recorded", f"{person.name}已登记死亡", detail, turn="登记人员"))
    if person.merged_into_id is not None:
        detail = "请按保留的身份证号码重新查询后办理。"
        found.append(Finding("death.merged", "这份登记已并入另一份", detail, turn="登记人员"))
    if died_on > on:
        detail = "请按死亡证明填写，不能晚于今天。"
        found.append(Finding("death.future", f"死亡日期{chinese_date(died_on)}还没有到", detail, turn="登记人员"))
    if died_on < person.birth_date:
        detail = f"此人出生于{chinese_date(person.birth_date)}，请对照死亡证明核对。"
        found.append(Finding("death.before_birth", "死亡日期早于出生日期", detail, turn="登记人员"))
    return found + _waiting(person, case)


def why_not_take_back(
    person: Person, done: RegisterCorrection, case: RegisterCorrection | None = None
) -> list[Finding]:
    undone = RegisterCorrection.objects.filter(undoes=done, outcome=CorrectionOutcome.DONE).exists()
    is_done = done.kind == CorrectionKind.DEATH and done.outcome == CorrectionOutcome.DONE
    if not is_done or undone or person.died_on is None:
        return [Finding("death.not_recorded", "没有可以撤销的死亡登记", "可能刚刚由其他人撤销。", turn="登记人员")]
    return _waiting(person, case)


def _waiting(person: Person, case: RegisterCorrection | None) -> list[Finding]:
    return [
        Finding(
            "death.open_correction",
            f"此人有一件待复核的{one.get_kind_display()}",
            "先复核或撤回那一件。",
            turn="另一名登记人员",
            cure=Cure("查看待复核的更正", "accounts:corrections"),
        )
        for one in open_cases_of(person).exclude(pk=case.pk if case else 0)
    ]
