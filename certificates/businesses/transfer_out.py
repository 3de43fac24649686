"""Declares 跨省调出, the business by which a certificate leaves for another province."""

from __future__ import annotations

from collections.abc import Sequence

from administration.enums import NoticeKind
from certificates.businesses.ending import EndingBusiness
from certificates.enums import LegalState, Operation
from certificates.filing.desks import employer_confirms, province_decides
from certificates.filing.transfer_out import TransferOutForm
from certificates.issuing.transfers import order_transfer_proofs
from certificates.models import CertificateEvent
from certificates.rules.employer import employer_gone
from certificates.rules.sets import IN_USE, LAWFUL
from enterprises.models import Enterprise
from workflow.business import register
from workflow.checks import Case, Facts
from workflow.models import Application
from workflow.rules import real_name_registered


@register
class TransferOut(EndingBusiness):
    """It is open to 正常 and 异常 certificates; the employer confirms only if it is the certificate's enterprise."""

    kind, title = "transfer_out", "跨省调出"
    order = 120
    summary = "到其他省份从业的人员办理。省厅审核后出具调出证明，公开查询显示“跨省调出”。"
    form_class = TransferOutForm
    steps = (
        employer_confirms(
            applies=lambda application: application.enterprise_id is not None,
            skip=employer_gone,
            when="本人仍受聘于证书所在单位的申请",
        ),
        province_decides("decision_days_transfer_out", accepts=True),
    )
    checks = (real_name_registered, *IN_USE, *LAWFUL)
    state, operation = LegalState.TRANSFERRING, Operation.OTHER
    notice = (NoticeKind.TRANSFER, "关于{count}本安全生产考核合格证书跨省调出的公告")
    outcome = "出具调出证明"
    legal_basis = ("江西省住房和城乡建设厅关于安管人员证书跨省调转的现行办法",)

    def confirming(self, own: Enterprise | None, employer: Enterprise | None) -> Enterprise | None:
        return own if employer is not None and employer == own else None

    def summary_of(self, case: Case) -> str:
        return f"跨省调出至{case.payload.get('destination', '')}"

    def follow(self, events: Sequence[CertificateEvent], facts: Facts) -> None:
        order_transfer_proofs(events, {case.application_id: case.payload for case in facts.cases})

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        destination = application.payload.get("destination")
        return [("调入省份", destination)] if destination else []
