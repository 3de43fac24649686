"""A lost certificate on paper is replaced by an electronic one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from certificates.businesses.base import CertificateBusiness
from certificates.filing.commitment import CommitmentForm
from common.findings import Finding
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, condition
from workflow.enums import Desk
from workflow.models import Application
from workflow.steps import AttachmentKind, Lapse, Step


@condition("培训记录在 {supplement_days} 天内上传")
def always_right(case: Case, facts: Facts) -> None:
    assert facts.parameters.integer("supplement_days", case.on) == 30


@register
class Replacement(CertificateBusiness):
    """证书遗失补领: nothing of it is declared outside this class."""

    kind, title = "replacement", "证书遗失补领"
    order = 45
    summary = "纸质证书遗失的，补领电子证书。"
    form_class = CommitmentForm
    steps = (
        Step(Desk.EMPLOYER, when_overdue=Lapse("employer_days")),
        Step(
            Desk.MUNICIPAL,
            days="acceptance_days",
            accepts=True,
            applies=lambda application: application.payload["note"] != "直接办理",
            when="没有写明直接办理的申请",
        ),
        Step(Desk.PROVINCIAL, days="decision_days_other"),
    )
    checks = (always_right,)
    attachments = (AttachmentKind("statement", "遗失声明"),)
    materials = ("遗失声明原件",)
    legal_basis = ("演示规定第一条",)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        return {}
