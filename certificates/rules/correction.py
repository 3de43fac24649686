"""Checks what a correction may change, and that it does not evade other rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q

from certificates.enums import Category
from certificates.facts.terms import current_terms
from certificates.holding import Held
from certificates.models import Certificate, CertificateTerm
from certificates.plausibility import Days, Limits, implausible
from certificates.rules.constructors import constructor_registered
from certificates.rules.cool_down import SPARED, cool_down_over
from certificates.rules.filing import subject_certificates
from certificates.rules.holding_rules import moved
from certificates.rules.paper_certificate import day_of, implausible_day, number_in, posts_fit
from common.dates import chinese_date
from common.findings import Finding, Level
from enterprises.enums import Post
from workflow.checks import Case, Facts, condition
from workflow.facts import persons
from workflow.models import Application

FIELDS = {
    "name": "姓名、性别、出生日期",
    "number": "证书编号",
    "category": "证书类别",
    "post": "职务",
    "first_issued_on": "初次领证日期",
    "valid_from": "有效期起",
    "valid_to": "有效期止",
}


def corrects_enterprise(application: Application) -> bool:
    return bool(application.payload.get("corrects_enterprise"))


def keeps_enterprise(application: Application) -> bool:
    return not corrects_enterprise(application)


def corrected_category(payload: Mapping[str, Any], certificate: Certificate) -> str:
    """Answers the category after the correction."""
    return str(payload.get("category") or certificate.category)


def corrected_post(payload: Mapping[str, Any], certificate: Certificate) -> str:
    """Answers the post after the correction: B and C have one post each by law."""
    category = corrected_category(payload, certificate)
    chosen = str(payload.get("post") or "")
    return posts_fit(category, chosen or (certificate.post if certificate.category == Category.A else ""))


def corrected(case: Case, held: Sequence[Held]) -> list[Held]:
    """Gives the case's first certificate category and post of the form, and with the enterprise all of them its own."""
    after = moved(replace(case, payload={}), held) if case.payload.get("corrects_enterprise") else list(held)
    first = case.subjects[0] if case.subjects else 0
    return [_recategorised(one, case.payload) if one.certificate_id == first else one for one in after]


def _recategorised(one: Held, payload: Mapping[str, Any]) -> Held:
    category = str(payload.get("category") or one.category)
    if category == Category.A:
        return replace(one, category=category, post=str(payload.get("post") or one.post))
    return replace(one, category=category, post=posts_fit(category, ""))


def named_certificate(case: Case, facts: Facts) -> Certificate | None:
    """Answers the certificate that the form is about; a correction of the enterprise takes others along."""
    return next(iter(subject_certificates(case, facts)), None)


@condition("更正的内容与证书上的不同")
def something_changes(case: Case, facts: Facts) -> Iterable[Finding]:
    """The form must differ from the certificate."""
    payload, certificate = case.payload, named_certificate(case, facts)
    if certificate is None:
        return
    term = facts(last_terms).get(certificate.pk)
    present = {
        "number": (certificate.number, certificate.number),
        "category": (certificate.category, certificate.get_category_display()),
        "post": (certificate.post, Post(certificate.post).label),
        "first_issued_on": _as_said(certificate.first_issued_on),
        "valid_from": _as_said(term),
        "valid_to": _as_said(certificate.ends_on),
    }
    for name, (value, words) in present.items():
        if payload.get(name) and payload[name] == value:
            yield _same(name, words)


def _as_said(day: date | None) -> tuple[str, str]:
    return (day.isoformat(), chinese_date(day)) if day else ("", "")


def numbers_in_use(cases: Sequence[Case]) -> dict[tuple[str, int, int], int]:
    """Maps category, year and serial of what the forms name to the certificate that has them."""
    numbers = [number for case in cases if (number := number_in(case)) is not None and number.is_local]
    subjects = {pk for case in cases for pk in case.subjects[:1] if case.payload.get("category")}
    wanted = Q(number__in={str(one) for one in numbers})
    for year, serial in {(one.year, one.serial) for one in numbers} | set(
        Certificate.objects.filter(pk__in=subjects).values_list("year", "serial")
    ):
        wanted |= Q(category__in=Category.values, year=year, serial=serial)
    rows = Certificate.objects.filter(wanted).values_list("category", "year", "serial", "pk")
    return {(category, year, serial): pk for category, year, serial, pk in rows}


@condition("更正后的编号是本省的，没有登记在别的证书上")
def number_is_free(case: Case, facts: Facts) -> Iterator[Finding]:
    """The number is printed and public, so two certificates never have the same one."""
    certificate, number = named_certificate(case, facts), number_in(case)
    if certificate is None or not (number or case.payload.get("category")):
        return
    if number is not None and not number.is_local:
        yield Finding(
            "correction.other_province", f"{number}不是本省的证书编号", "请对照证书原件重新填写。", turn="本人"
        )
        return
    year, serial = (number.year, number.serial) if number else (certificate.year, certificate.serial)
    taken = facts(numbers_in_use).get((corrected_category(case.payload, certificate), year, serial))
    if taken is not None and taken != certificate.pk:
        yield Finding(
            "correction.number_taken",
            "更正后的编号和类别已登记在另一本证书上",
            "请核对编号；确认无误的，携带身份证和证书原件到聘用企业注册地主管部门核实。",
            turn="主管部门",
        )


@condition("更正后证书仍在有效期内")
def end_lies_ahead(case: Case, facts: Facts) -> Finding | None:
    ends = case.payload.get("valid_to")
    if not ends or str(ends) >= case.on.isoformat():
        return None
    day = day_of(case, "valid_to")
    detail = (
        f"{chinese_date(day) if day else ends}已过。按此更正后证书即失效，不能通过纠错办理，请携带原件到主管部门说明。"
    )
    return Finding("correction.end_in_past", "更正后的有效期止早于今天", detail, turn="本人")


def last_terms(cases: Sequence[Case]) -> dict[int, date]:
    """Maps a certificate to the first day of its last term."""
    subjects = {pk for case in cases for pk in case.subjects}
    return {pk: term.starts_on for pk, term in current_terms(subjects).items()}


def earlier_ends(cases: Sequence[Case]) -> dict[int, date]:
    """Maps a certificate to the end of the term before its last one."""
    subjects = {pk for case in cases for pk in case.subjects}
    ends: dict[int, list[date]] = {}
    rows = CertificateTerm.objects.filter(certificate__in=subjects, reversed_at__isnull=True).order_by("starts_on")
    for pk, day in rows.values_list("certificate", "ends_on"):
        ends.setdefault(pk, []).append(day)
    return {pk: days[-2] for pk, days in ends.items() if len(days) > 1}


@condition("更正后的日期合理（有效期不超过 {longest_term_years} 年，领证时年满 {exam_least_age} 周岁）")
def corrected_days_plausible(case: Case, facts: Facts) -> Iterator[Finding]:
    ends, first, starts = day_of(case, "valid_to"), day_of(case, "first_issued_on"), day_of(case, "valid_from")
    certificate = named_certificate(case, facts)
    if certificate is None or (ends, first, starts) == (None, None, None):
        return
    person = facts(persons).get(case.person_id or 0)
    days = Days(
        valid_to=ends or certificate.ends_on,
        valid_from=starts or (facts(last_terms).get(certificate.pk) if ends else None),
        first_issued_on=first,
        birth_date=person.birth_date if person and (first or starts) else None,
    )
    for sentence in implausible(days, Limits.load(case.on, facts.parameters)):
        yield implausible_day(sentence)
    before = facts(earlier_ends).get(certificate.pk)
    if starts and before and starts <= before:
        yield implausible_day(f"有效期起不晚于上一有效期的最后一天（{chinese_date(before)}）。")


def _same(field: str, value: str) -> Finding:
    detail = f"证书上已是“{value}”，不需要更正。"
    return Finding(f"correction.same_{field}", f"{FIELDS[field]}没有变化", detail, turn="本人")


@condition(
    "更正企业的，距上次变更单位已满 {employer_change_cool_down_months} 个月（原单位注销、吊销的不受限）", limits=SPARED
)
def enterprise_cool_down(case: Case, facts: Facts) -> Iterable[Finding]:
    """A correction of the enterprise counts as a change, so that it cannot evade the cool-down."""
    return cool_down_over(case, facts) if case.payload.get("corrects_enterprise") else []


@condition("更正单位的B证，持证人在现聘用单位有有效的建造师注册")
def enterprise_constructor(case: Case, facts: Facts) -> Iterable[Finding]:
    """A correction of the enterprise may not evade rule B-1 either."""
    return constructor_registered(case, facts) if case.payload.get("corrects_enterprise") else []


def says_what_it_does(case: Case, facts: Facts) -> Finding | None:
    if not case.payload.get("corrects_enterprise"):
        return None
    months = facts.parameters.integer("employer_change_cool_down_months", case.on)
    detail = f"材料原件由现聘用单位所在设区市主管部门核验；办结后 {months} 个月内不能再次变更单位。"
    return Finding("correction.enterprise", "本次更正证书所在单位", detail, Level.ADVISORY, turn="地市主管部门")
