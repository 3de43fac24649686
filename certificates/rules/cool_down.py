"""Checks how long a change of employer must lie behind the last one."""

from __future__ import annotations

from collections.abc import Iterator

from common.dates import add_months, chinese_date
from common.findings import Finding, satisfied
from workflow.checks import Case, Facts, condition
from workflow.facts import enterprises

from .filing import subject_certificates

SPARES_ENDING = "cool_down_spares_ending"
SPARED = {SPARES_ENDING: "证书在间隔期满前到期的，不受间隔限制"}


@condition("距上次变更单位已满 {employer_change_cool_down_months} 个月（原单位注销、吊销的不受限）", limits=SPARED)
def cool_down_over(case: Case, facts: Facts) -> Iterator[Finding]:
    """The latest change of each certificate counts. A dissolved former enterprise exempts from the rule.

    A parameter may spare certificates that end before the cool-down does; the answer then says so.
    """
    former = facts(enterprises).get(case.former_enterprise_id or 0)
    if former is not None and former.is_gone:
        yield satisfied("change.cool_down", "原单位已注销或吊销，不受变更间隔限制")
        return
    months = facts.parameters.integer("employer_change_cool_down_months", case.on)
    spares_ending = facts.parameters.integer(SPARES_ENDING, case.on) > 0
    blocked = spared = False
    for certificate in subject_certificates(case, facts):
        if certificate.last_change_on is None:
            continue
        free = add_months(certificate.last_change_on, months)
        if case.on >= free:
            continue
        if spares_ending and free > certificate.ends_on:
            spared = True
            yield satisfied(
                "change.cool_down",
                f"{certificate.number}在间隔期满前到期，不受变更间隔限制",
                f"{chinese_date(free)}满 {months} 个月，证书{chinese_date(certificate.ends_on)}到期。",
            )
            continue
        blocked = True
        yield Finding(
            "change.cool_down",
            f"距上次变更不满 {months} 个月",
            f"{certificate.number}上次变更于{chinese_date(certificate.last_change_on)}，{chinese_date(free)}起可再次申请。原单位注销、吊销的不受此限。",
            turn="本人",
        )
    if not blocked and not spared:
        yield satisfied("change.cool_down", f"距上次变更已满 {months} 个月")
