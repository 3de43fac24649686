"""Declares A证增发, the business by which a holder gets a further A certificate for another enterprise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.http import Http404

from certificates.businesses.base import CertificateBusiness, in_force, own_certificate
from certificates.enums import Category, LegalState
from certificates.facts.representation import represented_by
from certificates.filing.additional_a import AdditionalAForm
from certificates.filing.desks import OPINIONS, employer_confirms, municipality_accepts, province_decides
from certificates.filing.proofs import ADDED
from certificates.issuing.first_issue_rules import bar_scopes_of, claim_of
from certificates.issuing.new import NewCertificate, additional_to, create_certificates
from certificates.rules.additional_a import added, base_certificate, base_in_force, none_there_yet, represents
from certificates.rules.sets import IDENTIFIED, LAWFUL
from common.web.ids import id_of
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts
from workflow.models import Application
from workflow.rules import enterprise_exists, not_barred


@register
class AdditionalA(CertificateBusiness):
    """It is for a legal representative of several enterprises; the new certificate ends with the A it was added to."""

    kind, title = "additional_a", "A证增发"
    order = 100
    summary = "持有A证并同时担任其他企业法定代表人的人员，为该企业增发一本A证，有效期止与原A证一致。"
    form_class = AdditionalAForm
    steps = (employer_confirms(), municipality_accepts(), province_decides("decision_days_issue"))
    checks = (*IDENTIFIED, base_in_force, enterprise_exists, represents, none_there_yet, not_barred, *LAWFUL)
    effect, projection = create_certificates, added
    changes = ADDED
    outcome = "签发A证"
    materials = ("无需提交纸质材料；法定代表人以工商登记信息为准",)
    legal_basis = (OPINIONS,)

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        """In the query `certificate` names the A held, and `enterprise` another one that the registry gives to the
        person.
        """
        certificate = own_certificate(actor, query)
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
        own = in_force(actor.person_id, [Category.A]).filter(legal_state=LegalState.VALID).order_by("pk").first()
        if own is None:
            return []
        there = list(
            in_force(actor.person_id, [Category.A]).exclude(enterprise=None).values_list("enterprise", flat=True)
        )
        return [
            (f"为{enterprise.name}增发", {"certificate": str(own.pk), "enterprise": str(enterprise.pk)})
            for enterprise in represented_by(own.person_id).exclude(pk__in=there).order_by("pk")
        ]

    def refresh(self, case: Case) -> Case:
        return case

    def bar_scopes(self, case: Case) -> Collection[str]:
        return bar_scopes_of(Category.A)

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        return {"enterprise_id": case.enterprise_id}

    def names_representative(self, application: Application) -> bool:
        return True

    def orders(self, case: Case, facts: Facts) -> Iterable[NewCertificate]:
        base = base_certificate(case, facts)
        if base is not None:  # `base_in_force` lets no other case through
            yield additional_to(base, enterprise_id=case.enterprise_id, **self.cause(case))

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        return [("增发企业", application.enterprise.name)] if application.enterprise else []
