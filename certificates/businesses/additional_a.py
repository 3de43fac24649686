"""Declares A证增发, the business by which a holder gets a further A certificate for another enterprise."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.http import Http404

from certificates.businesses.base import CertificateBusiness
from certificates.enums import Category, Operation, Origin
from certificates.facts.representation import represented_by
from certificates.filing.additional_a import AdditionalAForm
from certificates.holding import Held
from certificates.issuing.first_issue_rules import bar_scopes_of, claim_of
from certificates.issuing.new import NewCertificate, create_certificates
from certificates.models import Certificate
from certificates.rules.additional_a import base_in_force, base_of, none_there_yet, represents
from certificates.rules.holding_rules import holding_rules
from certificates.rules.out_of_province import none_valid_out_of_province
from common.findings import Finding
from common.web.ids import id_of
from enterprises.enums import Post
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, not_barred, real_name_registered
from workflow.steps import Lapse, Step


@register
class AdditionalA(CertificateBusiness):
    """It is for a legal representative of several enterprises; the new certificate ends with the A it was added to."""

    kind, title = "additional_a", "A证增发"
    order = 100
    summary = "持有A证并同时担任其他企业法定代表人的人员，为该企业增发一本A证，有效期止与原A证一致。"
    form_class = AdditionalAForm
    steps = (
        Step(Desk.EMPLOYER, when_overdue=Lapse("employer_days")),
        Step(Desk.MUNICIPAL, days="acceptance_days", accepts=True),
        Step(Desk.PROVINCIAL, days="decision_days_issue"),
    )
    checks = (
        real_name_registered,
        has_id_photo,
        base_in_force,
        enterprise_exists,
        represents,
        none_there_yet,
        not_barred,
        none_valid_out_of_province,
        holding_rules,
    )
    outcome = "签发A证"
    materials = ("无需提交纸质材料；法定代表人以工商登记信息为准",)
    legal_basis = ("《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定实施意见》",)

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        """In the query `certificate` names the A held, and `enterprise` another one that the registry gives to the
        person.
        """
        certificate = self._own_certificate(actor, query)
        enterprise = represented_by(certificate.person_id).filter(pk=id_of(query.get("enterprise")) or 0).first()
        if enterprise is None or certificate.category != Category.A:
            raise Http404("没有这家企业")
        return Case(
            business=self,
            filing_day=today,
            on=today,
            person_id=certificate.person_id,
            enterprise_id=enterprise.pk,
            region_id=enterprise.region_id,
            claims=(f"{claim_of(certificate.person_id, Category.A)}:{enterprise.pk}:{certificate.pk}",),
            payload={"enterprise": enterprise.pk},
        )

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        if actor.person_id is None:
            return []
        own = Certificate.objects.filter(person_id=actor.person_id, category=Category.A, legal_state="01").order_by(
            "pk"
        )
        return [
            (f"为{enterprise.name}增发", {"certificate": str(certificate.pk), "enterprise": str(enterprise.pk)})
            for certificate in own[:1]
            for enterprise in represented_by(actor.person_id).order_by("pk")
        ]

    def refresh(self, case: Case) -> Case:
        return case

    def bar_scopes(self, case: Case) -> Collection[str]:
        return bar_scopes_of(Category.A)

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        return {"enterprise_id": case.enterprise_id}

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        if case.person_id is None:
            return list(held)
        post = Post.LEGAL_REPRESENTATIVE
        added = Held(-(case.application_id or 1), case.person_id, case.enterprise_id, Category.A, post)
        return [*held, added]

    def round_keys(self, application: Application) -> Iterable[Hashable]:
        """Rule A-2 looks at the whole enterprise."""
        yield from super().round_keys(application)
        yield ("enterprise", application.enterprise_id)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        bases = Certificate.objects.in_bulk([base_of(case) for case in facts.cases])
        create_certificates([_order(case, bases[base_of(case)], self.kind) for case in facts.cases], by=by, now=now)
        return {}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        rows = super().describe(applications)
        for application in applications:
            if application.enterprise:
                rows[application.pk].append(("增发企业", application.enterprise.name))
        return rows


def _order(case: Case, base: Certificate, kind: str) -> NewCertificate:
    return NewCertificate(
        person_id=base.person_id,
        category=Category.A,
        post=Post.LEGAL_REPRESENTATIVE,
        origin=Origin.ADDITIONAL,
        operation=Operation.FIRST_ISSUE,
        kind=kind,
        application_id=case.application_id,
        enterprise_id=case.enterprise_id,
        valid_to=base.ends_on,
        additional_to_id=base.pk,
        summary=f"依附于{base.number}增发",
    )
