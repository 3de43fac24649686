"""Declares 职务变更, the business by which an A certificate gets another post in the same enterprise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from certificates.businesses.base import CertificateBusiness
from certificates.enums import Category
from certificates.filing.desks import REGULATIONS, employer_confirms, municipality_accepts, province_decides
from certificates.filing.post_change import PostChangeForm
from certificates.filing.proofs import REPOSTED
from certificates.issuing.correcting import Correct, correct
from certificates.rules.holding_rules import reposted
from certificates.rules.posts import another_post, is_an_a_certificate, post_has_changed, post_is_registered
from certificates.rules.sets import AT_ITS_ENTERPRISE, IDENTIFIED, IN_USE, LAWFUL
from enterprises.enums import Post
from workflow.business import register
from workflow.checks import Case, Facts
from workflow.models import Application


@register
class PostChange(CertificateBusiness):
    """The certificate stays at the same enterprise."""

    kind, title = "post_change", "职务变更"
    order = 80
    summary = "A证持证人在同一企业内职务变动时办理，换发电子证书，有效期止不变。"
    form_class = PostChangeForm
    categories = (Category.A,)
    steps = (employer_confirms(), municipality_accepts(), province_decides("decision_days_change"))
    checks = (
        *IDENTIFIED,
        *IN_USE,
        is_an_a_certificate,
        post_has_changed,
        *AT_ITS_ENTERPRISE,
        post_is_registered,
        *LAWFUL,
    )
    effect, projection = correct, reposted
    changes = REPOSTED
    outcome = "换发电子证书"
    legal_basis = (REGULATIONS,)

    def form_kwargs(self, case: Case) -> dict[str, Any]:
        return {**super().form_kwargs(case), "registered": another_post(case, Facts([case]))}

    def orders(self, case: Case, facts: Facts) -> Iterable[Correct]:
        post = Post(case.payload["post"])
        for pk in case.subjects:
            yield Correct(certificate_id=pk, post=post, summary=f"职务变更为{post.label}", **self.cause(case))

    def facts_of(self, application: Application) -> list[tuple[str, str]]:
        post = application.payload.get("post")
        return [("新职务", Post(post).label)] if post else []
