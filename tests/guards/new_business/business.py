"""A lost certificate on paper is replaced by an electronic one."""

from __future__ import annotations

from collections.abc import Iterable

from certificates.businesses.base import CertificateBusiness
from certificates.filing.desks import employer_confirms, province_decides
from certificates.filing.proofs import REPOSTED
from certificates.issuing.correcting import Correct, correct
from workflow.business import register
from workflow.checks import Case, Facts, condition
from workflow.enums import Desk
from workflow.steps import AttachmentKind, Step


@condition("培训记录在 {supplement_days} 天内上传")
def always_right(case: Case, facts: Facts) -> None:
    assert facts.parameters.integer("supplement_days", case.on) == 30


@register
class Replacement(CertificateBusiness):
    """证书遗失补领: nothing of it is declared outside this class."""

    kind, title = "replacement", "证书遗失补领"
    order = 45
    summary = "纸质证书遗失的，补领电子证书。"
    steps = (
        employer_confirms(),
        Step(
            Desk.MUNICIPAL,
            days="acceptance_days",
            accepts=True,
            applies=lambda application: application.payload["note"] != "直接办理",
            when="没有写明直接办理的申请",
        ),
        province_decides("decision_days_other"),
    )
    checks = (always_right,)
    attachments = (AttachmentKind("statement", "遗失声明"),)
    materials = ("遗失声明原件",)
    effect = correct
    changes = REPOSTED
    legal_basis = ("演示规定第一条",)

    def orders(self, case: Case, facts: Facts) -> Iterable[Correct]:
        for pk in case.subjects:
            yield Correct(certificate_id=pk, summary="遗失补领", **self.cause(case))
