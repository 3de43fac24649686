"""Declares C1、C2合并, the business by which C1 and C2 become a C3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from certificates.businesses.base import NOBODY, CertificateBusiness
from certificates.filing.commitment import CommitmentForm
from certificates.issuing.first_issue_rules import claim_of
from certificates.issuing.new import NewCertificate, create_certificates
from certificates.rules.employer import works_for_certificate_enterprise
from certificates.rules.filing import certificates_valid, not_expired, nothing_in_progress, subject_certificates
from certificates.rules.holding_rules import holding_rules
from certificates.rules.out_of_province import none_valid_out_of_province
from certificates.state.services import StateChange, change_states
from common.findings import Finding, satisfied
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, condition
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, real_name_registered
from workflow.steps import Lapse, Step

from ..enums import IN_FORCE_STATES, Category, LegalState, Operation, Origin
from ..holding import Held
from ..models import Certificate

PARTS = (Category.C1, Category.C2)


@condition("同时持有有效的C1证和C2证")
def both_parts(case: Case, facts: Facts) -> Iterator[Finding]:
    own = {certificate.category for certificate in subject_certificates(case, facts)}
    missing = [part for part in PARTS if part not in own]
    for part in missing:
        detail = "C1证和C2证都取得后才能合并为C3证。"
        yield Finding("merge.part_missing", f"没有有效的{part}证", detail, turn="本人")
    if not missing:
        yield satisfied("merge.part_missing", "同时持有C1证和C2证")


@register
class C3Merge(CertificateBusiness):
    """The C3 gets a new number and the later end date; C1 and C2 are cancelled by it."""

    kind, title = "c3_merge", "合并为C3证"
    order = 90
    waits_after_reset = True
    summary = "同时持有C1证（机械类）和C2证（土建类）的人员，合并换发C3证（综合类），有效期止取较晚的一本。"
    form_class = CommitmentForm
    steps = (
        Step(Desk.EMPLOYER, when_overdue=Lapse("employer_days")),
        Step(Desk.MUNICIPAL, days="acceptance_days", accepts=True),
        Step(Desk.PROVINCIAL, days="decision_days_change"),
    )
    checks = (
        real_name_registered,
        has_id_photo,
        nothing_in_progress,
        certificates_valid,
        not_expired,
        both_parts,
        enterprise_exists,
        works_for_certificate_enterprise,
        none_valid_out_of_province,
        holding_rules,
    )
    outcome = "签发C3证"
    materials = ("无需提交纸质材料",)
    legal_basis = ("《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定实施意见》",)

    def together(self, certificate: Certificate) -> Sequence[Certificate]:
        own = Certificate.objects.filter(
            person_id=certificate.person_id, category__in=PARTS, legal_state__in=IN_FORCE_STATES
        )
        return list(own.order_by("category", "-ends_on").distinct("category")) or [certificate]

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        own = Certificate.objects.filter(
            person_id=actor.person_id or NOBODY, category__in=PARTS, legal_state__in=IN_FORCE_STATES
        ).order_by("pk")
        return [("、".join(one.number for one in own), {"certificate": str(own[0].pk)})] if own else []

    def refresh(self, case: Case) -> Case:
        refreshed = super().refresh(case)
        return replace(refreshed, claims=(claim_of(refreshed.person_id or NOBODY, Category.C3),))

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        parts = [one for one in held if one.certificate_id in case.subjects]
        left = [one for one in held if one.certificate_id not in case.subjects]
        if not parts or case.person_id is None:
            return left
        merged = Held(-(case.application_id or 1), case.person_id, parts[0].enterprise_id, Category.C3, parts[0].post)
        return [*left, merged]

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        parts = Certificate.objects.in_bulk([pk for case in facts.cases for pk in case.subjects])
        orders = [_order(case, [parts[pk] for pk in case.subjects], self.kind) for case in facts.cases]
        change_states(
            [change for case in facts.cases for change in _cancelled(case, self.kind)],
            by=by,
            now=now,
            keep_open=[application.pk for application in applications],
        )
        create_certificates(orders, by=by, now=now)
        return {}


def _order(case: Case, parts: Sequence[Certificate], kind: str) -> NewCertificate:
    return NewCertificate(
        person_id=parts[0].person_id,
        category=Category.C3,
        post=parts[0].post,
        origin=Origin.MERGE,
        operation=Operation.CHANGE,
        kind=kind,
        application_id=case.application_id,
        enterprise_id=case.enterprise_id,
        first_issued_on=min(part.first_issued_on for part in parts),
        valid_to=max(part.ends_on for part in parts),
        summary="由" + "、".join(part.number for part in parts) + "合并",
    )


def _cancelled(case: Case, kind: str) -> list[StateChange]:
    return [
        StateChange(
            certificate_id=pk,
            state=LegalState.CANCELLED,
            operation=Operation.CANCELLATION,
            summary="合并为C3证",
            kind=kind,
            application_id=case.application_id,
        )
        for pk in case.subjects
    ]
