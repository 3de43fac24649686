"""Declares 职务变更, the business by which an A certificate gets another post."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django import forms

from certificates.businesses.base import NOBODY, CertificateBusiness
from certificates.filing.commitment import CommitmentForm
from certificates.issuing.versions import Correct, correct
from certificates.rules.employer import works_for_certificate_enterprise
from certificates.rules.filing import certificates_valid, not_expired, nothing_in_progress, subject_certificates
from certificates.rules.holding_rules import holding_rules
from certificates.rules.out_of_province import none_valid_out_of_province
from certificates.rules.posts import A_POSTS, post_is_registered
from common.findings import Finding
from enterprises.enums import Post
from workflow.actors import Actor
from workflow.business import register
from workflow.checks import Case, Facts, condition
from workflow.enums import Desk
from workflow.models import Application
from workflow.rules import enterprise_exists, has_id_photo, real_name_registered
from workflow.steps import Lapse, Step

from ..enums import IN_FORCE_STATES, Category
from ..holding import Held
from ..models import Certificate


class PostChangeForm(CommitmentForm):
    post = forms.ChoiceField(
        label="新职务", choices=[(post, Post(post).label) for post in A_POSTS], help_text="须与聘用关系登记的职务一致。"
    )
    field_order = ("post", "phone", "note", "commitment")


@condition("持有A证，且新职务与证书上的不同")
def is_an_a_certificate(case: Case, facts: Facts) -> Iterator[Finding]:
    """B and C have one post each by law."""
    for certificate in subject_certificates(case, facts):
        if certificate.category != Category.A:
            detail = "B证、C证的职务由法规确定，不能变更。"
            yield Finding("post.not_a", f"{certificate.number}不是A证", detail)
        elif case.payload.get("post") == certificate.post:
            detail = f"证书上的职务已是{Post(certificate.post).label}。"
            yield Finding("post.same", "职务没有变化", detail, turn="本人")


@register
class PostChange(CertificateBusiness):
    """The certificate stays at the same enterprise."""

    kind, title = "post_change", "职务变更"
    order = 80
    summary = "A证持证人在同一企业内职务变动时办理，换发电子证书，有效期止不变。"
    form_class = PostChangeForm
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
        is_an_a_certificate,
        enterprise_exists,
        works_for_certificate_enterprise,
        post_is_registered,
        none_valid_out_of_province,
        holding_rules,
    )
    outcome = "换发电子证书"
    materials = ("无需提交纸质材料",)
    legal_basis = (
        "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）",
    )

    def choices(self, actor: Actor) -> list[tuple[str, dict[str, str]]]:
        own = Certificate.objects.filter(
            person_id=actor.person_id or NOBODY, category=Category.A, legal_state__in=IN_FORCE_STATES
        ).order_by("pk")
        return [(f"{one.number}，{one.enterprise_name}", {"certificate": str(one.pk)}) for one in own]

    def project(self, case: Case, held: Sequence[Held]) -> list[Held]:
        post = case.payload.get("post")
        return [replace(one, post=post) if post and one.certificate_id in case.subjects else one for one in held]

    def round_keys(self, application: Application) -> Iterable[Hashable]:
        """Rule A-2 looks at the whole enterprise."""
        yield from super().round_keys(application)
        if application.payload.get("post") == Post.LEGAL_REPRESENTATIVE:
            yield ("enterprise", application.enterprise_id)

    def on_approve(
        self, applications: Sequence[Application], facts: Facts, *, by: Actor, now: datetime
    ) -> dict[int, list[Finding]]:
        orders = [
            Correct(
                certificate_id=pk,
                application_id=case.application_id,
                kind=self.kind,
                post=case.payload["post"],
                summary=f"职务变更为{Post(case.payload['post']).label}",
            )
            for case in facts.cases
            for pk in case.subjects
        ]
        correct(orders, by=by, now=now)
        return {}

    def describe(self, applications: Sequence[Application]) -> dict[int, list[tuple[str, str]]]:
        rows = super().describe(applications)
        for application in applications:
            if application.payload.get("post"):
                rows[application.pk].append(("新职务", Post(application.payload["post"]).label))
        return rows
