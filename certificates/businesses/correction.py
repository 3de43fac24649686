"""Declares 证书纠错, the business by which wrong data on a certificate are corrected."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from certificates.businesses.base import ID_CARD, OLD_CERTIFICATE, CertificateBusiness
from certificates.enums import Category
from certificates.facts.siblings import of_same_enterprise
from certificates.filing.correction import CorrectionForm, changes_in_words
from certificates.holding import Held
from certificates.issuing.versions import Correct, correct
from certificates.models import Certificate
from certificates.rules.correction import (
    corrects_enterprise,
    end_lies_ahead,
    enterprise_constructor,
    enterprise_cool_down,
    says_what_it_does,
    something_changes,
)
from certificates.rules.employer import employment_needed
from certificates.rules.filing import certificates_valid, not_expired, nothing_in_progress
from certificates.rules.holding_rules import holding_rules, moved
from certificates.rules.out_of_province import none_valid_out_of_province
from common.findings import Finding
from enterprises.enums import Post
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, at_filing
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, real_name_registered
from workflow.steps import AttachmentKind, Original, Step

ORIGINALS = (ID_CARD, OLD_CERTIFICATE)


EVIDENCE_ORIGINAL = Original("evidence", "企业信息纠错的证明材料", against="上传的证明材料")


@register
class Correction(CertificateBusiness):
    """The data are checked against the original; the municipal office decides on a wrong enterprise."""

    kind, title = "correction", "证书纠错"
    order = 70
    summary = "证书信息有误时申请。携带身份证和证书原件到聘用企业注册地主管部门核验；企业信息纠错由地市主管部门核验。"
    form_class = CorrectionForm
    steps = (
        Step(
            Desk.COUNTER,
            days="acceptance_days",
            accepts=True,
            originals=ORIGINALS,
            applies=lambda application: not corrects_enterprise(application),
            when="没有选择企业信息纠错的申请",
        ),
        Step(
            Desk.MUNICIPAL,
            days="acceptance_days",
            accepts=True,
            originals=(*ORIGINALS, EVIDENCE_ORIGINAL),
            applies=corrects_enterprise,
            when="选择了企业信息纠错的申请",
        ),
        Step(Desk.PROVINCIAL, days="decision_days_change"),
    )
    checks = (
        real_name_registered,
        has_id_photo,
        employment_needed,
        enterprise_exists,
        nothing_in_progress,
        certificates_valid,
        at_filing(not_expired),
        something_changes,
        end_lies_ahead,
        at_filing(enterprise_cool_down),
        enterprise_constructor,
        none_valid_out_of_province,
        holding_rules,
        says_what_it_does,
    )
    attachments = (
        AttachmentKind("certificate", "证书扫描件", "有误的证书。"),
        AttachmentKind("evidence", "证明材料", "企业信息纠错时必须上传。", required=False),
    )
    materials = tuple(original.material for original in (*ORIGINALS, EVIDENCE_ORIGINAL))
    holds_expiry = True
    legal_basis = (
        "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）",
    )

    def refresh(self, case: Case) -> Case:
        """With the enterprise, all certificates of the former one are corrected together (rule X-2)."""
        found = super().refresh(case)
        first = Certificate.objects.filter(pk__in=case.subjects).order_by("pk").first()
        if first is None or not case.payload.get("corrects_enterprise"):
            return found
        return replace(found, subjects=tuple(one.pk for one in of_same_enterprise(first)) or case.subjects)

    def required_attachments(self, payload: Mapping[str, Any]) -> set[str]:
        return {"certificate", "evidence"} if payload.get("corrects_enterprise") else {"certificate"}

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        posts = {str(Category.A): str(case.payload["post"])} if case.payload.get("post") else {}
        if case.payload.get("corrects_enterprise"):
            return moved(case, held, posts)
        return [
            replace(one, post=posts.get(one.category, one.post)) if one.certificate_id in case.subjects else one
            for one in held
        ]

    def round_keys(self, application: Application) -> Iterable[Hashable]:
        """Rule A-2 looks at the whole enterprise."""
        yield from super().round_keys(application)
        if application.payload.get("post") == Post.LEGAL_REPRESENTATIVE:
            yield ("enterprise", application.enterprise_id)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        orders = [_order(pk, case, self.kind) for case in facts.cases for pk in case.subjects]
        correct(orders, by=by, now=now)
        return {}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        rows = super().describe(applications)
        for application in applications:
            rows[application.pk] += changes_in_words(application)
        return rows


def _order(certificate_id: int, case: Case, kind: str) -> Correct:
    payload = case.payload
    first, ends = payload.get("first_issued_on"), payload.get("valid_to")
    return Correct(
        certificate_id=certificate_id,
        application_id=case.application_id,
        kind=kind,
        post=payload.get("post", ""),
        first_issued_on=date.fromisoformat(first) if first else None,
        ends_on=date.fromisoformat(ends) if ends else None,
        enterprise_id=case.enterprise_id if payload.get("corrects_enterprise") else None,
    )
