"""Declares 执业企业变更, the business by which certificates move to another enterprise with their holder."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime

from certificates.businesses.base import CertificateBusiness
from certificates.enums import Category
from certificates.facts.siblings import of_same_enterprise
from certificates.filing.employer_change import EmployerChangeForm
from certificates.holding import Held
from certificates.issuing.versions import Move, move
from certificates.models import Certificate
from certificates.rules.constructors import constructor_registered
from certificates.rules.cool_down import cool_down_over
from certificates.rules.employer import new_employer_differs, old_enterprise_known
from certificates.rules.filing import advise_extension, certificates_valid, not_expired, nothing_in_progress
from certificates.rules.holding_rules import holding_rules, moved
from certificates.rules.out_of_province import none_valid_out_of_province
from certificates.rules.posts import post_is_registered
from common.findings import Finding
from enterprises.enums import Post
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, at_filing
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, real_name_registered
from workflow.steps import Escalate, Step

SILENT_FLAG = "证书所在单位逾期未确认，转地市核实。"


def former_employer_gone(application: Application) -> str:
    """Says why nobody can be asked; blank when the former enterprise exists and must confirm."""
    former = application.former_enterprise
    if former is None:
        return "证书所在单位不在登记信息中，无法确认。"
    if former.is_gone:
        return f"{former.name}已{former.get_status_display()}，不需要其确认。"
    return ""


@register
class EmployerChange(CertificateBusiness):
    """All certificates of the former enterprise move together to the present employer."""

    kind, title = "employer_change", "执业企业变更"
    order = 50
    waits_after_reset = True
    summary = (
        "单位调动后，把原单位名下的证书一并变更到现聘用单位。由证书所在单位确认，地市受理，省厅审核后签发电子证书。"
    )
    form_class = EmployerChangeForm
    steps = (
        Step(
            Desk.FORMER_EMPLOYER,
            when_overdue=Escalate("former_employer_days", SILENT_FLAG),
            skip=former_employer_gone,
            when="证书所在单位没有注销、吊销的申请",
        ),
        Step(Desk.MUNICIPAL, days="acceptance_days", accepts=True),
        Step(Desk.PROVINCIAL, days="decision_days_change"),
    )
    checks = (
        real_name_registered,
        has_id_photo,
        new_employer_differs,
        enterprise_exists,
        nothing_in_progress,
        certificates_valid,
        at_filing(not_expired),
        old_enterprise_known,
        at_filing(cool_down_over),
        post_is_registered,
        none_valid_out_of_province,
        constructor_registered,
        holding_rules,
        advise_extension,
    )
    holds_expiry = True
    outcome = "签发电子证书"
    materials = ("无需提交纸质材料",)
    legal_basis = (
        "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）第九条",
    )

    def together(self, certificate: Certificate) -> Sequence[Certificate]:
        """Rule X-2: certificates moved one by one would block each other."""
        if certificate.enterprise_id is None:
            return [certificate]
        return of_same_enterprise(certificate) or [certificate]

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        return moved(case, held, {str(Category.A): case.payload["post"]} if case.payload.get("post") else {})

    def round_keys(self, application: Application) -> Iterable[Hashable]:
        """An A certificate of a legal representative concerns the whole enterprise (rule A-2)."""
        yield from super().round_keys(application)
        if application.payload.get("post") == Post.LEGAL_REPRESENTATIVE:
            yield ("enterprise", application.enterprise_id)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        certificates = Certificate.objects.in_bulk([pk for case in facts.cases for pk in case.subjects])
        orders = [order for case in facts.cases for order in self._orders(case, certificates)]
        move(orders, by=by, now=now)
        return {}

    def _orders(self, case: Case, certificates: dict[int, Certificate]) -> Iterable[Move]:
        for pk in case.subjects:
            post = case.payload.get("post", "") if certificates[pk].category == Category.A else ""
            if case.application_id is not None and case.enterprise_id is not None:
                yield Move(
                    certificate_id=pk,
                    application_id=case.application_id,
                    kind=self.kind,
                    enterprise_id=case.enterprise_id,
                    post=post or certificates[pk].post,
                )

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        rows = super().describe(applications)
        for application in applications:
            if application.former_enterprise:
                rows[application.pk].append(("原单位", application.former_enterprise.name))
            if application.enterprise:
                rows[application.pk].append(("新单位", application.enterprise.name))
        return rows
