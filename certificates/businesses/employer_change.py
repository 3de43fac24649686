"""Declares 执业企业变更, by which all certificates of the former enterprise move together to the present employer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from certificates.businesses.base import CertificateBusiness
from certificates.facts.siblings import of_same_enterprise
from certificates.filing.desks import REGULATIONS, former_employer_confirms, municipality_accepts, province_decides
from certificates.filing.employer_change import EmployerChangeForm
from certificates.filing.proofs import MOVED
from certificates.issuing.versions import Move, move
from certificates.models import Certificate
from certificates.rules.constructors import constructor_registered
from certificates.rules.filing import advise_extension, subject_certificates
from certificates.rules.holding_rules import moved
from certificates.rules.posts import a_post, post_is_registered
from certificates.rules.sets import IDENTIFIED, IN_USE_WHEN_FILED, LAWFUL, MOVABLE, NEWLY_EMPLOYED
from common.findings import Cure
from workflow.business import register
from workflow.checks import Case, Facts
from workflow.enums import Desk
from workflow.models import Application
from workflow.steps import Way


@register
class EmployerChange(CertificateBusiness):
    kind, title = "employer_change", "执业企业变更"
    order = 50
    waits_after_reset = True
    summary = (
        "单位调动后，把原单位名下的证书一并变更到现聘用单位。由证书所在单位确认，地市受理，省厅审核后签发电子证书。"
    )
    form_class = EmployerChangeForm
    steps = (former_employer_confirms(), municipality_accepts(), province_decides("decision_days_change"))
    checks = (
        *IDENTIFIED,
        *NEWLY_EMPLOYED,
        *IN_USE_WHEN_FILED,
        *MOVABLE,
        post_is_registered,
        constructor_registered,
        *LAWFUL,
        advise_extension,
    )
    after_refusal = (
        "已经离职、持有解除劳动合同证明、仲裁裁决或判决的，可以申请证书更正中的“企业信息纠错”，不需要本企业确认。"
    )
    holds_expiry = True
    effect, projection, changes = move, moved, MOVED
    outcome = "签发电子证书"
    legal_basis = (f"{REGULATIONS}第九条",)

    def together(self, certificate: Certificate) -> Sequence[Certificate]:
        """Rule X-2: certificates moved one by one would block each other."""
        return [certificate] if certificate.enterprise_id is None else of_same_enterprise(certificate) or [certificate]

    def orders(self, case: Case, facts: Facts) -> Iterable[Move]:
        for one in subject_certificates(case, facts):
            post = a_post(case).get(one.category, one.post)
            yield Move(certificate_id=one.pk, enterprise_id=case.enterprise_id or 0, post=post, **self.cause(case))

    def ways_after(self, application: Application, desk: str) -> Iterable[Way]:
        """A former enterprise's refusal is cured by the correction of the enterprise on a judgment (F23)."""
        if desk != Desk.FORMER_EMPLOYER:
            return
        again = self.start_again(application)
        query = again[0].query if again else {}
        yield Way(
            "已有裁决书、判决书或调解书：办理证书纠错",
            "生效的文书可以代替原单位的同意：在证书纠错里选择“企业信息纠错”，由地市主管部门核对原件后把证书更正到现单位。需要带身份证、证书和文书的原件。",
            (
                Cure("办理证书纠错", business="correction", query=query),
                Cure("要准备什么", url_name="workflow:guide", kwargs={"kind": "correction"}),
            ),
            order=1,
        )
        yield Way(
            "谈不成：申请劳动仲裁，拿到文书后办理证书纠错",
            "向用人单位所在地的劳动人事争议仲裁委员会申请，不收费。时效一年，从知道权利被侵害那天算起。",
            order=20,
        )

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        places = (("原单位", application.former_enterprise), ("新单位", application.enterprise))
        return [(label, place.name) for label, place in places if place]
