"""Declares 进赣换证, the business by which a certificate of another province gets a number of this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from certificates.businesses.paper_certificate import PaperCertificateBusiness
from certificates.enums import Operation, Origin
from certificates.facts.declarations import declared_values
from certificates.facts.places import NOBODY
from certificates.filing.desks import ID_CARD, REGULATIONS, counter_accepts, employer_confirms, province_decides
from certificates.filing.paper_certificate import ForeignCertificateForm
from certificates.filing.proofs import EXCHANGED
from certificates.issuing.new import NewCertificate
from certificates.issuing.transfers import settle_exchanged
from certificates.models import CertificateVersion
from certificates.rules.holding_rules import holding_rules
from certificates.rules.paper_certificate import number_in, number_of_another_province
from certificates.rules.sets import EMPLOYED, IDENTIFIED, WRITTEN_ON_PAPER
from workflow.business import register
from workflow.checks import Case, Facts
from workflow.rules import not_barred
from workflow.steps import AttachmentKind, Original

ORIGINALS = (
    ID_CARD,
    Original("certificate", "外省安全生产考核合格证书", against="上传的外省证书扫描件", kept=True),
    Original("proof", "原发证机关出具的调出证明", against="上传的调出证明"),
)


@register
class TransferIn(PaperCertificateBusiness):
    """The certificate gets a number of this province and keeps its end date."""

    kind, title = "transfer_in", "进赣换证"
    order = 110
    summary = "持有其他省份有效证书、受聘于本省企业的人员，换发本省证书。编号换新，有效期止不变。"
    steps = (employer_confirms(), counter_accepts(*ORIGINALS), province_decides("decision_days_change"))
    checks = (*IDENTIFIED, *EMPLOYED, number_of_another_province, *WRITTEN_ON_PAPER, not_barred, holding_rules)
    attachments = (
        AttachmentKind("certificate", "外省证书扫描件", "证书内页，文字清楚。"),
        AttachmentKind("proof", "调出证明", "原发证机关出具的跨省调出证明。"),
    )
    materials = tuple(original.material for original in ORIGINALS)
    origin, operation, changes = Origin.TRANSFER_IN, Operation.TRANSFER_IN, EXCHANGED
    shown_as, outcome, form_class = "transfer_in", "换发本省证书", ForeignCertificateForm
    legal_basis = (f"{REGULATIONS}第九条",)

    def prefilled(self, person_id: int, query: Mapping[str, str]) -> dict[str, str]:
        """`declared` in the query names the person's declaration with which the form begins."""
        return declared_values(query.get("declared"), person_id)

    def orders(self, case: Case, facts: Facts) -> Iterable[NewCertificate]:
        summary = f"由外省证书{number_in(case)}换发"
        yield self.new_certificate(case, enterprise_id=case.enterprise_id, summary=summary)

    def settle(self, versions: Mapping[Case, CertificateVersion], *, now: datetime) -> None:
        settle_exchanged({str(number_in(case)): case.person_id or NOBODY for case in versions}, now=now)
