"""Declares 执业企业变更, by which all certificates of the former enterprise move together to the present employer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from certificates.businesses.base import CertificateBusiness
from certificates.facts.siblings import of_same_enterprise
from certificates.filing.desks import REGULATIONS, former_employer_confirms, municipality_accepts, province_decides
from certificates.filing.employer_change import EmployerChangeForm
from certificates.filing.proofs import MOVED
from certificates.filing.ways import BEFORE_A_FORMER_EMPLOYER_REFUSES, after_a_change
from certificates.issuing.versions import Move, move
from certificates.models import Certificate
from certificates.rules.filing import advise_extension, subject_certificates
from certificates.rules.holding_rules import moved
from certificates.rules.posts import a_post, registered_posts
from certificates.rules.sets import IDENTIFIED, LAWFUL, TO_ANOTHER_ENTERPRISE
from workflow.business import register
from workflow.checks import Case, Facts
from workflow.models import Application
from workflow.steps import Way


@register
class EmployerChange(CertificateBusiness):
    kind, title = "employer_change", "执业企业变更"
    order = 50
    waits_after_reset = True
    summary = "把原单位名下的证书一并变更到现聘用单位。由证书所在单位确认，地市受理，省厅审核后签发电子证书。"
    form_class = EmployerChangeForm
    steps = (former_employer_confirms(), municipality_accepts(), province_decides("decision_days_change"))
    checks = (*IDENTIFIED, *TO_ANOTHER_ENTERPRISE, *LAWFUL, advise_extension)
    after_refusal = BEFORE_A_FORMER_EMPLOYER_REFUSES
    holds_expiry = True
    effect, projection, changes = move, moved, MOVED
    outcome = "签发电子证书"
    legal_basis = (f"{REGULATIONS}第九条",)

    def together(self, certificate: Certificate) -> Sequence[Certificate]:
        """Rule X-2: certificates moved one by one would block each other."""
        return [certificate] if certificate.enterprise_id is None else of_same_enterprise(certificate) or [certificate]

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        return {**super().form_kwargs(case), "registered": registered_posts(case, Facts([case]))}

    def orders(self, case: Case, facts: Facts) -> Iterable[Move]:
        for one in subject_certificates(case, facts):
            post = a_post(case).get(one.category, one.post)
            yield Move(certificate_id=one.pk, enterprise_id=case.enterprise_id or 0, post=post, **self.cause(case))

    def ways_after(self, application: Application, desk: str) -> Iterable[Way]:
        return after_a_change(application, desk, self.start_again(application))

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        places = (("原单位", application.former_enterprise), ("新单位", application.enterprise))
        return [(label, place.name) for label, place in places if place]
