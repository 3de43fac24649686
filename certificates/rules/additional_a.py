"""Checks who may hold an A certificate for a further enterprise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from certificates.enums import Category, LegalState
from certificates.facts.holdings import holdings
from certificates.holding import Held
from certificates.models import Certificate
from common.findings import Finding, satisfied
from enterprises.enums import Post
from workflow.checks import Case, Facts, condition


@condition("工商登记信息中是该企业的法定代表人")
def represents(case: Case, facts: Facts) -> Finding:
    """The registry must name the holder as legal representative of the other enterprise."""
    places = facts(holdings).works_for.represented.get(case.person_id or 0, set())
    if case.enterprise_id in places:
        return satisfied("additional.not_representative", "登记信息中是该企业的法定代表人")
    detail = "增发A证只用于同时担任其他企业法定代表人的人员，以工商登记信息为准。"
    return Finding("additional.not_representative", "登记信息中不是该企业的法定代表人", detail, turn="企业")


@condition("持有一本有效的A证")
def base_in_force(case: Case, facts: Facts) -> Finding:
    """The A certificate to which the new one is added must be in force."""
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


def base_of(case: Case) -> int:
    """The last part of the claim is the A certificate to which the new one is added."""
    return int(case.claims[0].rpartition(":")[2])


def added(case: Case, held: Sequence[Held]) -> list[Held]:
    """Adds the certificate that is asked for, with a negative id, which no other certificate has."""
    if case.person_id is None:
        return list(held)
    post = Post.LEGAL_REPRESENTATIVE
    return [*held, Held(-(case.application_id or 1), case.person_id, case.enterprise_id, Category.A, post)]


def base_certificate(case: Case, facts: Facts) -> Certificate | None:
    return facts(holdings).certificates.get(base_of(case))
