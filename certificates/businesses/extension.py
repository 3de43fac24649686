"""Declares 证书延续, the business by which a certificate gets another term."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from certificates.businesses.base import CertificateBusiness
from certificates.filing.desks import REGULATIONS, employer_confirms, municipality_accepts, province_decides
from certificates.filing.proofs import EXTENDED
from certificates.issuing import versions
from certificates.rules.constructors import constructor_registered
from certificates.rules.extension_window import within_window
from certificates.rules.sets import AT_ITS_ENTERPRISE, FREE, IDENTIFIED, LAWFUL
from certificates.rules.training import enough_training_hours
from common.findings import Cure
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, at_filing
from workflow.enums import Desk, Status
from workflow.models import Application
from workflow.steps import Way


@register
class Extension(CertificateBusiness):
    """The new term follows the former one without a gap, however late it is decided."""

    kind, title = "extension", "证书延续"
    order = 40
    menu_title = "延期"
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
    changes = EXTENDED
    effect_parameters = ("term_years",)
    outcome = "签发电子证书"
    materials = ("无需提交纸质材料；继续教育记录由培训机构上传",)
    legal_basis = (f"{REGULATIONS}第十条",)

    def ways_after(self, application: Application, desk: str) -> Iterable[Way]:
        """Whoever has left the enterprise meanwhile moves the certificate first; that holds the end open as well."""
        if desk == Desk.EMPLOYER and application.status == Status.REJECTED:
            employed = Cure("查看聘用关系", url_name="employment:mine")
            yield Way(
                "已经不在这家企业了：先变更单位",
                "由新单位发起聘用，您在手机上确认，再办理执业企业变更；到期前提交的变更，办理期间证书继续有效，办结后再申请延续。",
                (employed,),
                order=20,
            )
        yield Way(
            "到期前没有办成：重新参加考核",
            "有效期届满前没有提交延续的，证书失效，由受聘企业报名考核后重新取得。",
            (Cure("报名考核的办法", url_name="workflow:guide", kwargs={"kind": "exam"}),),
            order=30,
        )

    def orders(self, case: Case, facts: Facts) -> Iterable[versions.Extension]:
        for pk in case.subjects:
            yield versions.Extension(certificate_id=pk, **self.cause(case))

    def carry_out(self, orders: list[versions.Extension], facts: Facts, *, by: Actor, now: datetime) -> None:
        versions.extend(orders, by=by, now=now, parameters=facts.parameters)
