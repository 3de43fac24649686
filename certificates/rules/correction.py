"""Checks what a correction may change, and that it does not evade other rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from certificates.facts.terms import current_terms
from certificates.holding import Held
from certificates.plausibility import Days, Limits, implausible
from certificates.rules.constructors import constructor_registered
from certificates.rules.cool_down import SPARED, cool_down_over
from certificates.rules.filing import subject_certificates
from certificates.rules.holding_rules import moved, reposted
from certificates.rules.paper_certificate import day_of, implausible_day
from common.findings import Finding, Level
from enterprises.enums import Post
from workflow.checks import Case, Facts, condition
from workflow.facts import persons
from workflow.models import Application

FIELDS = {
    "name": "姓名、性别、出生日期（按实名登记更正）",
    "post": "职务",
    "first_issued_on": "初次领证日期",
    "valid_to": "有效期止",
}


def corrects_enterprise(application: Application) -> bool:
    return bool(application.payload.get("corrects_enterprise"))


def keeps_enterprise(application: Application) -> bool:
    return not corrects_enterprise(application)


def corrected(case: Case, held: Sequence[Held]) -> list[Held]:
    """Gives the certificates the post, and the enterprise, that the form names."""
    return moved(case, held) if case.payload.get("corrects_enterprise") else reposted(case, held)


@condition("更正的内容与证书上的不同")
def something_changes(case: Case, facts: Facts) -> Iterable[Finding]:
    """The form must differ from the certificate."""
    payload = case.payload
    for certificate in subject_certificates(case, facts):
        if payload.get("post") and payload["post"] == certificate.post:
            yield _same("post", Post(certificate.post).label)
        if payload.get("first_issued_on") == certificate.first_issued_on.isoformat():
            yield _same("first_issued_on", payload["first_issued_on"])
        if payload.get("valid_to") == certificate.ends_on.isoformat():
            yield _same("valid_to", payload["valid_to"])


@condition("更正后证书仍在有效期内")
def end_lies_ahead(case: Case, facts: Facts) -> Finding | None:
    ends = case.payload.get("valid_to")
    if not ends or str(ends) >= case.on.isoformat():
        return None
    detail = f"{ends}已过。按此更正后证书即失效，不能通过纠错办理，请携带原件到主管部门说明。"
    return Finding("correction.end_in_past", "更正后的有效期止早于今天", detail, turn="本人")


def last_terms(cases: Sequence[Case]) -> dict[int, date]:
    """Maps a certificate to the first day of its last term."""
    subjects = {pk for case in cases for pk in case.subjects}
    return {pk: term.starts_on for pk, term in current_terms(subjects).items()}


@condition("更正后的日期合理（有效期不超过 {longest_term_years} 年，领证时年满 {exam_least_age} 周岁）")
def corrected_days_plausible(case: Case, facts: Facts) -> Iterator[Finding]:
    ends, first = day_of(case, "valid_to"), day_of(case, "first_issued_on")
    if ends is None and first is None:
        return
    person = facts(persons).get(case.person_id or 0)
    for certificate in subject_certificates(case, facts):
        days = Days(
            valid_to=ends or certificate.ends_on,
            valid_from=facts(last_terms).get(certificate.pk) if ends else None,
            first_issued_on=first,
            birth_date=person.birth_date if person and first else None,
        )
        for sentence in implausible(days, Limits.load(case.on, facts.parameters)):
            yield implausible_day(sentence)


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
