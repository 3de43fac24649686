"""Declares 证书延续, the business by which a certificate gets another term."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from certificates.businesses.base import CertificateBusiness
from certificates.filing.commitment import CommitmentForm
from certificates.issuing.versions import Extension as Order
from certificates.issuing.versions import extend
from certificates.rules.constructors import constructor_registered
from certificates.rules.employer import works_for_certificate_enterprise
from certificates.rules.extension_window import within_window
from certificates.rules.filing import certificates_valid, nothing_in_progress
from certificates.rules.holding_rules import holding_rules
from certificates.rules.out_of_province import none_valid_out_of_province
from certificates.rules.training import enough_training_hours
from common.findings import Finding
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Facts, at_filing
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, real_name_registered
from workflow.steps import Lapse, Step


@register
class Extension(CertificateBusiness):
    """The new term follows the former one without a gap, however late it is decided."""

    kind, title = "extension", "证书延续"
    order = 40
    menu_title = "延期"
    summary = "证书到期前的办理时间内申请，受聘企业确认，地市受理，省厅审核后签发延续后的电子证书。"
    form_class = CommitmentForm
    steps = (
        Step(Desk.EMPLOYER, when_overdue=Lapse("employer_days")),
        Step(Desk.MUNICIPAL, days="acceptance_days", accepts=True),
        Step(Desk.PROVINCIAL, days="decision_days_issue"),
    )
    checks = (
        real_name_registered,
        has_id_photo,
        nothing_in_progress,
        certificates_valid,
        enterprise_exists,
        works_for_certificate_enterprise,
        constructor_registered,
        at_filing(within_window),
        at_filing(enough_training_hours),
        none_valid_out_of_province,
        holding_rules,
    )
    holds_expiry = True
    effect_parameters = ("term_years",)
    outcome = "签发电子证书"
    materials = ("无需提交纸质材料；继续教育记录由培训机构上传",)
    legal_basis = (
        "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）第十条",
    )

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        orders = [
            Order(certificate_id=pk, application_id=case.application_id, kind=self.kind)
            for case in facts.cases
            for pk in case.subjects
            if case.application_id is not None
        ]
        extend(orders, by=by, now=now, parameters=facts.parameters)
        return {}
