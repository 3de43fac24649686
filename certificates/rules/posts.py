"""Checks that the employment names the post, and lists the posts that an A certificate may carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from certificates.enums import Category
from certificates.facts.holdings import holdings
from certificates.models import Certificate
from common.findings import Cure, Finding
from enterprises.enums import Post
from workflow.checks import Case, Facts, condition

from .filing import subject_certificates


@condition("A证的职务与聘用登记的职务一致")
def post_is_registered(case: Case, facts: Facts) -> Finding | None:
    """The post chosen for an A certificate must be one of the employment's."""
    post = case.payload.get("post")
    if not post:
        return None
    employment = facts(holdings).works_for.employment.get(case.person_id or 0)
    if employment is not None and post not in employment.posts:
        return Finding(
            "change.post_differs",
            f"聘用关系中没有登记“{Post(post).label}”",
            f"登记的职务是{employment.post_labels}。请选择一致的职务，或由新单位重新登记聘用关系。",
            turn="新单位",
        )
    return None


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


def registered_posts(case: Case, facts: Facts) -> list[str]:
    """Answers the posts of the present employment that an A may carry."""
    employment = facts(holdings).works_for.employment.get(case.person_id or 0)
    return [post for post in employment.posts if post in A_POSTS] if employment is not None else []


def another_post(case: Case, facts: Facts) -> list[str]:
    """Answers those that none of the case's certificates names."""
    present = {certificate.post for certificate in subject_certificates(case, facts)}
    return [post for post in registered_posts(case, facts) if post not in present]


@condition("聘用登记的职务与证书上的不同")
def post_has_changed(case: Case, facts: Facts) -> Finding | None:
    """Refuses before the form: the certificate can only get a post that the employment names."""
    held = [one for one in subject_certificates(case, facts) if one.category == Category.A]
    registered = registered_posts(case, facts)
    if not held or not registered or another_post(case, facts):
        return None
    names = "、".join(str(Post(post).label) for post in registered)
    return Finding(
        "post.nothing_to_change",
        "证书上的职务与聘用登记的一致，没有要变更的",
        f"聘用登记的职务是{names}。职务变了的，先由企业办理“续签、变更职务”，您在手机上确认，再来变更证书。",
        turn="企业",
        cure=Cure("查看聘用关系", url_name="employment:mine"),
    )


A_POSTS = ("01", "02", "03", "04", "05", "06")


def needs_a_post(certificates: Sequence[Certificate]) -> bool:
    return any(certificate.category == Category.A for certificate in certificates)


def a_post(case: Case) -> dict[str, str]:
    """Maps the category to the post that the form names: only A certificates have one to choose."""
    return {str(Category.A): str(case.payload["post"])} if case.payload.get("post") else {}
