"""Declares 录入证书, the business by which a paper certificate of this province is entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from certificates.businesses.paper_certificate import PaperCertificateBusiness
from certificates.enums import Operation, Origin
from certificates.filing.desks import ID_CARD, OLD_CERTIFICATE, REGULATIONS, counter_accepts, province_decides
from certificates.filing.proofs import ON_PAPER
from certificates.issuing.new import NewCertificate, settle_legacy
from certificates.models import CertificateVersion
from certificates.rules.paper_certificate import enterprises_on_paper, number_in, number_is_new, number_of_this_province
from certificates.rules.sets import EMPLOYED, IDENTIFIED, LAWFUL, WRITTEN_ON_PAPER
from workflow.business import register
from workflow.checks import Case, Facts
from workflow.rules import not_barred
from workflow.steps import AttachmentKind


@register
class LateEntry(PaperCertificateBusiness):
    """The certificate was not found among the old records and is checked against its original."""

    kind, title = "late_entry", "录入证书"
    order = 60
    second_look = "second_look_entries_percent"
    summary = "历史数据中没有匹配到的证书，由本人填写并上传扫描件，携带原件到聘用企业注册地主管部门核验后签发电子证书。"
    steps = (counter_accepts(ID_CARD, OLD_CERTIFICATE), province_decides("decision_days_other"))
    checks = (*IDENTIFIED, *EMPLOYED, number_of_this_province, number_is_new, *WRITTEN_ON_PAPER, not_barred, *LAWFUL)
    attachments = (AttachmentKind("certificate", "证书扫描件", "证书内页，文字清楚。"),)
    materials = (ID_CARD.material, OLD_CERTIFICATE.material)
    origin, operation = Origin.LATE_ENTRY, Operation.OTHER
    changes = ON_PAPER
    shown_as = "late_entry"
    outcome = "签发电子证书"
    legal_basis = (REGULATIONS,)

    def orders(self, case: Case, facts: Facts) -> Iterable[NewCertificate]:
        printed = case.payload["enterprise_name"]
        yield self.new_certificate(
            case,
            enterprise_id=facts(enterprises_on_paper).get(printed),
            enterprise_name=printed,
            number=number_in(case),
            valid_from=date.fromisoformat(case.payload["valid_from"]),
            summary="录入证书",
        )

    def settle(self, versions: Mapping[Case, CertificateVersion], *, now: datetime) -> None:
        settle_legacy({str(number_in(case)): version.certificate_id for case, version in versions.items()})
