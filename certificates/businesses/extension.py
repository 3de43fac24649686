"""Declares 证书延续, the business by which a certificate gets another term."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from certificates.businesses.base import CertificateBusiness
from certificates.filing.desks import REGULATIONS, employer_confirms, municipality_accepts, province_decides
from certificates.filing.proofs import EXTENDED
from certificates.filing.ways import after_an_extension
from certificates.issuing import versions
from certificates.rules.constructors import constructor_registered
from certificates.rules.extension_window import within_window
from certificates.rules.sets import AT_ITS_ENTERPRISE, FREE, IDENTIFIED, LAWFUL
from certificates.rules.training import enough_training_hours
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, at_filing
from workflow.models import Application
from workflow.steps import Way


@register
class Extension(CertificateBusiness):
    """The new term follows the former one without a gap, however late it is decided."""

    kind, title = "extension", "证书延续"
    order = 40
    summary = "证书到期前的办理时间内申请，受聘企业确认，地市受理，省厅审核后签发延续后的电子证书。"
    steps = (employer_confirms(), municipality_accepts(), province_decides("decision_days_issue"))
    checks = (
        *IDENTIFIED,
        *FREE,
        *AT_ITS_ENTERPRISE,
        constructor_registered,
        at_filing(within_window),
        at_filing(enough_training_hours),
        *LAWFUL,
    )
    holds_expiry = True
    is_needless_once_extended = True
    changes = EXTENDED
    effect_parameters = ("term_years",)
    outcome = "签发电子证书"
    materials = ("无需提交纸质材料；继续教育记录由培训机构上传",)
    legal_basis = (f"{REGULATIONS}第十条",)

    def ways_after(self, application: Application, desk: str) -> Iterable[Way]:
        return after_an_extension(application, desk)

    def orders(self, case: Case, facts: Facts) -> Iterable[versions.Extension]:
        for pk in case.subjects:
            yield versions.Extension(certificate_id=pk, **self.cause(case))

    def carry_out(self, orders: list[versions.Extension], facts: Facts, *, by: Actor, now: datetime) -> None:
        versions.extend(orders, by=by, now=now, parameters=facts.parameters)
