"""Declares the desks, originals, materials and sources of law that several kinds of application share."""

from __future__ import annotations

from typing import Any

from certificates.rules.employer import former_employer_gone
from workflow.enums import Desk
from workflow.steps import Escalate, Lapse, Original, Step

ID_CARD = Original("id_card", "居民身份证", against="实名登记的身份信息")
OLD_CERTIFICATE = Original("certificate", "安全生产考核合格证书", against="上传的证书扫描件", kept=True)

NO_PAPER = ("无需提交纸质材料",)

REGULATIONS = "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）"
OPINIONS = "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定实施意见》"

SILENT_FLAG = "证书所在单位逾期未确认，转地市核实。"


def employer_confirms(**conditions: Any) -> Step:
    """`conditions`: which applications pass this desk, where not all do."""
    return Step(Desk.EMPLOYER, when_overdue=Lapse("employer_days"), **conditions)


def former_employer_confirms() -> Step:
    """The enterprise that the certificate leaves; its silence does not end the matter."""
    return Step(
        Desk.FORMER_EMPLOYER,
        when_overdue=Escalate("former_employer_days", SILENT_FLAG),
        skip=former_employer_gone,
        when="证书所在单位没有注销、吊销的申请",
    )


def municipality_accepts(*originals: Original, **conditions: Any) -> Step:
    return Step(Desk.MUNICIPAL, days="acceptance_days", accepts=True, originals=originals, **conditions)


def counter_accepts(*originals: Original, **conditions: Any) -> Step:
    return Step(Desk.COUNTER, days="acceptance_days", accepts=True, originals=originals, **conditions)


def province_decides(days: str, *, accepts: bool = False) -> Step:
    """`days`: the parameter with its working days."""
    return Step(Desk.PROVINCIAL, days=days, accepts=accepts)
