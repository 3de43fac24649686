"""Declares 合并为C3证, the business by which a C1 and a C2 certificate become one C3."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from certificates.businesses.base import CertificateBusiness, in_force
from certificates.enums import Category
from certificates.facts.places import NOBODY
from certificates.filing.desks import OPINIONS, employer_confirms, municipality_accepts, province_decides
from certificates.filing.proofs import MERGED
from certificates.issuing.first_issue_rules import claim_of
from certificates.issuing.merging import Merge, merge
from certificates.models import Certificate
from certificates.rules.filing import subject_certificates
from certificates.rules.merge import PARTS, both_parts, merged
from certificates.rules.sets import AT_ITS_ENTERPRISE, IDENTIFIED, IN_USE, LAWFUL
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts


@register
class C3Merge(CertificateBusiness):
    """The C3 gets a new number and the later end date; C1 and C2 are cancelled by it."""

    kind, title = "c3_merge", "合并为C3证"
    order = 90
    waits_after_reset = True
    summary = "同时持有C1证（机械类）和C2证（土建类）的人员，合并换发C3证（综合类），有效期止取较晚的一本。"
    categories = PARTS
    steps = (employer_confirms(), municipality_accepts(), province_decides("decision_days_change"))
    checks = (*IDENTIFIED, *IN_USE, both_parts, *AT_ITS_ENTERPRISE, *LAWFUL)
    effect, projection = merge, merged
    changes = MERGED
    outcome = "签发C3证"
    legal_basis = (OPINIONS,)

    def together(self, certificate: Certificate) -> Sequence[Certificate]:
        own = in_force(certificate.person_id, PARTS)
        return list(own.order_by("category", "-ends_on").distinct("category")) or [certificate]

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        own = in_force(actor.person_id, PARTS).order_by("pk")
        return [("、".join(one.number for one in own), {"certificate": str(own[0].pk)})] if own else []

    def refresh(self, case: Case) -> Case:
        return replace(super().refresh(case), claims=(claim_of(case.person_id or NOBODY, Category.C3),))

    def orders(self, case: Case, facts: Facts) -> Iterable[Merge]:
        if parts := subject_certificates(case, facts):
            yield Merge(parts, case.enterprise_id, **self.cause(case))
