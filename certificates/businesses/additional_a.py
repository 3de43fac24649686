from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404

from certificates.facts.holdings import holdings
from certificates.issuing.first_issue_rules import bar_scopes_of, claim_of
from certificates.issuing.new import NewCertificate, create_certificates
from certificates.rules.holding_rules import holding_rules
from certificates.rules.out_of_province import none_valid_elsewhere
from common.findings import Finding, satisfied
from common.web.ids import id_of
from employment.selectors import load_works_for
from enterprises.enums import Post
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, condition
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, not_barred, real_name_registered
from workflow.steps import Lapse, Step

from ..enums import Category, LegalState, Operation, Origin
from ..holding import Held
from ..models import Certificate
from .base import CertificateBusiness, CommitmentForm


def represented_by(person_id: int) -> QuerySet[Enterprise]:
    return Enterprise.objects.filter(pk__in=load_works_for([person_id]).represented.get(person_id, set()))


class AdditionalAForm(CommitmentForm):
    """The enterprise is chosen before; nothing else is to be said."""

    enterprise = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("enterprise", "phone", "note", "commitment")

    def __init__(self, *args: Any, enterprise_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].disabled = True
        self.fields["enterprise"].initial = enterprise_id


@condition("工商登记信息中是该企业的法定代表人")
def represents(case: Case, facts: Facts) -> Finding:
    """The registry names the holder as legal representative of the other enterprise."""
    places = facts(holdings).works_for.represented.get(case.person_id or 0, set())
    if case.enterprise_id in places:
        return satisfied("additional.not_representative", "登记信息中是该企业的法定代表人")
    detail = "增发A证只用于同时担任其他企业法定代表人的人员，以工商登记信息为准。"
    return Finding("additional.not_representative", "登记信息中不是该企业的法定代表人", detail, turn="企业")


@condition("持有一本有效的A证")
def base_in_force(case: Case, facts: Facts) -> Finding:
    """The A certificate that the new one hangs on."""
    base = facts(holdings).certificates.get(base_of(case))
    held = next((one for one in facts(holdings).held if base is not None and one.certificate_id == base.pk), None)
    if base is None or held is None or not held.in_force or base.legal_state != LegalState.VALID:
        detail = "增发的A证依附于一本有效的A证。"
        return Finding("additional.base", "所依附的A证不在有效状态", detail, turn="本人")
    return satisfied("additional.base", "所依附的A证有效", base.number)


@condition("尚未持有该企业的A证")
def none_there_yet(case: Case, facts: Facts) -> Iterator[Finding]:
    for certificate in facts(holdings).of_person(case.person_id or 0):
        if certificate.category == Category.A and certificate.enterprise_id == case.enterprise_id:
            held = next((one for one in facts(holdings).held if one.certificate_id == certificate.pk), None)
            if held is not None and held.in_force:
                detail = f"{certificate.number}已在该企业名下。"
                yield Finding("additional.held", "已持有该企业的A证", detail, turn="本人")


@register
class AdditionalA(CertificateBusiness):
    """A证增发: for a legal representative of several firms; ends with the A certificate it was added to."""

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
        none_valid_elsewhere,
        holding_rules,
    )
    outcome = "签发A证"
    materials = ("无需提交纸质材料；法定代表人以工商登记信息为准",)
    legal_basis = ("《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定实施意见》",)

    def prepare(self, actor: Actor, query: Mapping[str, str], *, today: date) -> Case:
        """`certificate`: the A held; `enterprise`: the other firm, one of those that the registry gives to the person."""
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


def base_of(case: Case) -> int:
    """The A certificate it is added to: the last part of the claim."""
    return int(case.claims[0].rpartition(":")[2])


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
