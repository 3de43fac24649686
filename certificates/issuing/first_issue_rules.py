"""Checks who may get a first certificate after a passed exam, for the business and the service alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from certificates.enums import Category
from certificates.facts.holdings import holdings
from certificates.holding import Held
from certificates.models import CertificateItem
from certificates.rules.constructors import CODE as CONSTRUCTOR
from certificates.rules.constructors import registration_problem
from certificates.rules.holding_rules import asks_for_the_merge, holding_findings
from certificates.rules.out_of_province import none_valid_out_of_province
from certificates.rules.posts import A_POSTS
from certificates.rules.rounds import DecidedInRounds
from common.findings import Cure, Finding, satisfied
from enterprises.enums import Post, QualificationKind
from enterprises.models import Qualification
from enterprises.register.selectors import qualifications_in_force
from workflow.checks import Case, Check, Facts, condition
from workflow.enums import BarScope
from workflow.facts import enterprises, persons
from workflow.models import Application, ApplicationItem
from workflow.rules import enterprise_exists, has_id_photo, not_barred, real_name_registered


def claim_of(person_id: int, category: str) -> str:
    """The claim allows a person one open application for a new certificate of the category."""
    return f"person:{person_id}:{category}"


def bar_scopes_of(category: str) -> Collection[str]:
    """Answers the scopes of bars against a new certificate of this category, which is blank before it is chosen."""
    leads = category in (Category.A, Category.B)
    return (BarScope.CERTIFICATES, BarScope.LEADING_POSTS) if leads else (BarScope.CERTIFICATES,)


def category_of(case: Case) -> str:
    return str(case.payload.get("category", ""))


def post_of(case: Case) -> str:
    return str(case.payload.get("post", ""))


def open_claims(cases: Sequence[Case]) -> dict[str, Application]:
    """Maps a claim to the open application that holds it, in one query."""
    wanted = {claim for case in cases for claim in case.claims}
    items = CertificateItem.objects.filter(is_open=True, claim_key__in=wanted).select_related("application")
    return {item.claim_key: item.application for item in items}


def constructors(cases: Sequence[Case]) -> dict[str, list[Qualification]]:
    """Maps an ID number index to the registrations as constructor in force, of those who are to get a B."""
    wanted = {case.person_id for case in cases if category_of(case) == Category.B}
    people = persons([case for case in cases if case.person_id in wanted])
    on = max(case.on for case in cases)
    indexes = {person.id_number_index for person in people.values()}
    return qualifications_in_force(indexes, on=on, kind=QualificationKind.CONSTRUCTOR) if indexes else {}


@condition("同一人同一类别没有正在办理的发证业务")
def nothing_claimed(case: Case, facts: Facts) -> Finding | None:
    for claim in case.claims:
        other = facts(open_claims).get(claim)
        if other is not None and other.pk != case.application_id:
            return Finding(
                "first_issue.in_progress",
                f"该人员的{category_of(case)}证正在办理",
                f"办件{other.number}办结或撤回后才能再次发证。",
                turn="办理该办件的部门",
                cure=Cure("查看办件", url_name="workflow:detail", kwargs={"number": other.number}),
            )
    return None


@condition("证书类别与职务相符")
def post_fits(case: Case, facts: Facts) -> Finding | None:
    """B and C have one post each by law; A has another one."""
    category, post = category_of(case), post_of(case)
    if category not in Category.values:
        return Finding("first_issue.category", "没有说明证书类别", "应为A、B、C1、C2或C3。", turn="考试机构")
    allowed = {Category.A: (*A_POSTS, Post.OTHER), Category.B: (Post.PROJECT_MANAGER,)}.get(
        Category(category), (Post.SAFETY_OFFICER,)
    )
    if post in allowed:
        return None
    named = "、".join(Post(one).label for one in allowed)
    detail = f"{category}证的职务应为{named}。请由企业更正报名的职务。"
    return Finding("first_issue.post", "职务与证书类别不符", detail, turn="企业")


@condition("仍受聘于报名时的企业")
def still_employed_there(case: Case, facts: Facts) -> Finding:
    """Whoever changed the employer after passing is stopped and asked: the certificate would name the former one."""
    known = facts(holdings).works_for
    place = facts(enterprises).get(case.enterprise_id or 0)
    name = place.name if place else "报名时的企业"
    if known(case.person_id or 0, case.enterprise_id, post_of(case)):
        return satisfied("first_issue.employer", "仍受聘于报名时的企业", name)
    employer = known.employer(case.person_id)
    now_at = f"现受聘于{employer.name}" if employer else "现在没有登记聘用关系"
    return Finding(
        "first_issue.employer",
        f"不在{name}受聘",
        f"该人员{now_at}。与{name}重新登记聘用关系，或者由现聘用企业确认后，再办理发证。",
        turn="本人和企业",
        cure=Cure("查看聘用关系", url_name="employment:mine"),
    )


@condition("B证：在同一企业有有效的建造师注册")
def constructor_there(case: Case, facts: Facts) -> Finding | None:
    place, person = facts(enterprises).get(case.enterprise_id or 0), facts(persons).get(case.person_id or 0)
    if category_of(case) != Category.B or place is None or person is None:
        return None
    problem = registration_problem(facts(constructors).get(person.id_number_index, []), place.pk, place.name)
    return problem or satisfied(CONSTRUCTOR, "已有有效的建造师注册", place.name)


@condition("发证后符合证书持有规则")
def holding_after_issue(case: Case, facts: Facts) -> Iterator[Finding]:
    yield from findings_with(case, facts, ())


def findings_with(case: Case, facts: Facts, issued: Sequence[Held]) -> list[Finding]:
    """`issued` are the certificates that the same set gives before this one, to others and to the same person."""
    held = [*facts(holdings).concerned(case.person_id or 0), *issued]
    return holding_findings(case, facts, held, added_to(case, held), tolerated=asks_for_the_merge)


def added_to(case: Case, held: Sequence[Held], *, as_id: int = 0) -> list[Held]:
    """Adds the certificate to be issued to the holdings, with a negative id, which no other certificate has."""
    if case.person_id is None or category_of(case) not in Category.values:
        return list(held)
    new = Held(
        certificate_id=as_id or -(case.application_id or 1),
        person_id=case.person_id,
        enterprise_id=case.enterprise_id,
        category=category_of(case),
        post=post_of(case),
    )
    return [*held, new]


class FirstIssueBusiness(DecidedInRounds):
    """Every business that leads to a first certificate extends this class; `payload` names category and post."""

    item_model: ClassVar[type[ApplicationItem]] = CertificateItem
    has_letters = True
    checks: ClassVar[tuple[Check, ...]] = (
        real_name_registered,
        has_id_photo,
        nothing_claimed,
        post_fits,
        enterprise_exists,
        still_employed_there,
        constructor_there,
        not_barred,
        none_valid_out_of_province,
        holding_after_issue,
    )

    def refresh(self, case: Case) -> Case:
        """The claim follows person and category."""
        claim = claim_of(case.person_id, category_of(case)) if case.person_id is not None else ""
        return replace(case, claims=(claim,) if claim else ())

    def bar_scopes(self, case: Case) -> Collection[str]:
        return bar_scopes_of(category_of(case))
