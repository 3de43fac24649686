"""Checks a paper certificate that is to be entered or exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.core.exceptions import ValidationError

from certificates.enums import Category
from certificates.holding import Held
from certificates.models import Certificate
from certificates.plausibility import Days, Limits, implausible
from common.dates import chinese_date
from common.findings import Cure, Finding
from common.text.certificate_number import CertificateNumber, parse_number
from enterprises.enums import Post
from enterprises.register.selectors import enterprises_by_name
from workflow.checks import Case, Facts, condition
from workflow.facts import persons


def number_in(case: Case) -> CertificateNumber | None:
    """Answers the number of the form, or None before it is filled in."""
    try:
        return parse_number(case.payload["number"]) if case.payload.get("number") else None
    except ValidationError:
        return None


def enterprises_on_paper(cases: Sequence[Case]) -> dict[str, int]:
    """Maps a name on a certificate to the enterprise of that name."""
    return enterprises_by_name(case.payload["enterprise_name"] for case in cases)


def known_numbers(cases: Sequence[Case]) -> dict[str, Certificate]:
    wanted = {str(number) for case in cases if (number := number_in(case)) is not None}
    return {one.number: one for one in Certificate.objects.filter(number__in=wanted)}


@condition("是本省的证书（外省证书办理进赣换证）")
def number_of_this_province(case: Case, facts: Facts) -> Finding | None:
    number = number_in(case)
    if number is None or number.is_local:
        return None
    return Finding(
        "late_entry.other_province",
        f"{number}不是本省的证书编号",
        "其他省份的证书不在这里录入，请办理进赣换证。",
        turn="本人",
        cure=Cure("办理进赣换证", business="transfer_in"),
    )


@condition("持有其他省份的有效证书")
def number_of_another_province(case: Case, facts: Facts) -> Finding | None:
    number = number_in(case)
    if number is None or not number.is_local:
        return None
    return Finding(
        "transfer_in.local",
        f"{number}是本省的证书编号",
        "本省证书没有匹配到的，请录入证书。",
        turn="本人",
        cure=Cure("录入证书", business="late_entry"),
    )


@condition("证书没有匹配到“我的证书”中")
def number_is_new(case: Case, facts: Facts) -> Finding | None:
    """A certificate that is here already is not entered again: its holder files a correction with the evidence."""
    number = number_in(case)
    known = facts(known_numbers).get(str(number)) if number else None
    if known is None:
        return None
    if known.taken_back_at is not None:
        return Finding(
            "late_entry.taken_back",
            f"{known.number}的历史数据已撤回，正在重新核实",
            "核实后会重新匹配到持证人的“我的证书”中，不需要录入。着急使用的，请携带证书原件联系省厅。",
            turn="省厅登记台账",
        )
    if known.person_id == case.person_id:
        return Finding(
            "late_entry.known",
            f"{known.number}已在“我的证书”中",
            "不需要录入。内容有误的，请对该证书办理证书纠错并上传扫描件。",
            turn="本人",
            cure=Cure("办理证书纠错", business="correction", query={"certificate": known.pk}),
        )
    return Finding(
        "late_entry.taken",
        "该证书编号已登记在他人名下",
        "请核对编号；确认无误的，携带身份证和证书原件到聘用企业注册地主管部门核实。",
        turn="主管部门",
    )


@condition("证书在有效期内")
def not_over(case: Case, facts: Facts) -> Finding | None:
    ends = case.payload.get("valid_to")
    if ends and str(ends) < case.on.isoformat():
        day = day_of(case, "valid_to")
        return Finding(
            "late_entry.expired",
            "证书已过有效期，不能录入",
            f"有效期至{chinese_date(day) if day else ends}，需要由受聘企业报名，重新参加考核。",
            turn="受聘企业",
            cure=Cure("报名考核的办法", url_name="workflow:guide", kwargs={"kind": "exam"}),
        )
    return None


@condition("证书上的日期合理（有效期不超过 {longest_term_years} 年，发证时年满 {exam_least_age} 周岁）")
def days_plausible(case: Case, facts: Facts) -> Iterator[Finding]:
    ends, number = day_of(case, "valid_to"), number_in(case)
    if ends is None:
        return
    person = facts(persons).get(case.person_id or 0)
    days = Days(
        valid_to=ends,
        valid_from=day_of(case, "valid_from"),
        first_issued_on=day_of(case, "first_issued_on"),
        birth_date=person.birth_date if person else None,
        number_year=number.year if number else None,
    )
    for sentence in implausible(days, Limits.load(case.on, facts.parameters)):
        yield implausible_day(sentence)


def implausible_day(sentence: str) -> Finding:
    detail = "请对照证书原件核对年份；证书上确实如此的，携带原件到聘用企业注册地主管部门核实。"
    return Finding("certificate.implausible_days", sentence.removesuffix("。"), detail, turn="本人")


def day_of(case: Case, field: str) -> date | None:
    """A draft keeps the text that was typed."""
    try:
        return date.fromisoformat(str(case.payload.get(field) or ""))
    except ValueError:
        return None


def posts_fit(category: str, post: str) -> str:
    """B and C have one post each by law."""
    return {Category.A: post or Post.OTHER, Category.B: Post.PROJECT_MANAGER}.get(
        Category(category), Post.SAFETY_OFFICER
    )


def claimed(case: Case, held: Sequence[Held]) -> list[Held]:
    """Adds the certificate of the application to the holdings, with a negative id, which no other certificate has.

    It is projected at the present employer: a rule that it breaks at its own enterprise was broken before, and the cure, a
    change of employer, needs the certificate entered first.
    """
    category = case.payload.get("category")
    if not category or case.person_id is None:
        return list(held)
    return [
        *held,
        Held(
            certificate_id=-(case.application_id or 1),
            person_id=case.person_id,
            enterprise_id=case.enterprise_id,
            category=category,
            post=posts_fit(category, case.payload.get("post", "")),
        ),
    ]
