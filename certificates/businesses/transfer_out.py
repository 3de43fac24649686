"""Declares 跨省调出, the business by which a certificate leaves for another province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django import forms

from administration.enums import NoticeKind
from certificates.authority.announcements import announce
from certificates.businesses.base import CertificateBusiness, employer_gone, employer_of, enterprise_of_first, located
from certificates.filing.commitment import CommitmentForm
from certificates.issuing.transfers import order_transfer_proofs
from certificates.rules.filing import certificates_valid, not_expired, nothing_in_progress
from certificates.rules.holding_rules import holding_rules
from certificates.rules.out_of_province import none_valid_out_of_province
from certificates.state.services import StateChange, change_states
from common.findings import Finding
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import real_name_registered
from workflow.steps import Lapse, Step

from ..enums import PROVINCES, LegalState, Operation
from ..holding import Held


class TransferOutForm(CommitmentForm):
    destination = forms.ChoiceField(label="调入省份", choices=[("", "请选择"), *((name, name) for name in PROVINCES)])
    new_enterprise = forms.CharField(label="调入单位", max_length=160)
    field_order = ("destination", "new_enterprise", "phone", "note", "commitment")


@register
class TransferOut(CertificateBusiness):
    """It is open to 正常 and 异常 certificates; the employer confirms only if it is the certificate's enterprise."""

    kind, title = "transfer_out", "跨省调出"
    order = 120
    waits_after_reset = True
    summary = "到其他省份从业的人员办理。省厅审核后出具调出证明，公开查询显示“跨省调出”。"
    form_class = TransferOutForm
    steps = (
        Step(
            Desk.EMPLOYER,
            when_overdue=Lapse("employer_days"),
            applies=lambda application: application.enterprise_id is not None,
            skip=employer_gone,
            when="本人仍受聘于证书所在单位的申请",
        ),
        Step(Desk.PROVINCIAL, days="decision_days_transfer_out", accepts=True),
    )
    checks = (
        real_name_registered,
        nothing_in_progress,
        certificates_valid,
        not_expired,
        none_valid_out_of_province,
        holding_rules,
    )
    outcome = "出具调出证明"
    materials = ("无需提交纸质材料",)
    legal_basis = ("江西省住房和城乡建设厅关于安管人员证书跨省调转的现行办法",)

    def refresh(self, case: Case) -> Case:
        """The office is that of the certificate's enterprise, which is asked only while it employs the holder."""
        own, employer = enterprise_of_first(case), employer_of(case)
        confirms = own is not None and employer is not None and own.pk == employer.pk
        return replace(located(case, own), enterprise_id=own.pk if own and confirms else None)

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        return [one for one in held if one.certificate_id not in case.subjects]

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        events = change_states(
            [
                StateChange(
                    certificate_id=pk,
                    state=LegalState.TRANSFERRING,
                    operation=Operation.OTHER,
                    summary=f"跨省调出至{case.payload.get('destination', '')}",
                    kind=self.kind,
                    application_id=case.application_id,
                )
                for case in facts.cases
                for pk in case.subjects
            ],
            by=by,
            now=now,
        )
        order_transfer_proofs(events, {case.application_id: case.payload for case in facts.cases})
        announce(NoticeKind.TRANSFER, "关于{count}本安全生产考核合格证书跨省调出的公告", events, by=by, now=now)
        return {}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        rows = super().describe(applications)
        for application in applications:
            if application.payload.get("destination"):
                rows[application.pk].append(("调入省份", application.payload["destination"]))
        return rows
