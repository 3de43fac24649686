"""Checks when an extension may be applied for."""

from __future__ import annotations

from collections.abc import Iterator

from certificates.facts.grace_period import AFTER_DECISION
from certificates.facts.holdings import holdings
from common.dates import chinese_date, months_before
from common.findings import Finding, satisfied
from workflow.checks import Case, Facts, condition

from .filing import subject_certificates


@condition(
    "在有效期届满前 {extension_window_months} 个月内提出，届满日为节假日的顺延到下一个工作日；"
    "届满前申请、届满后办结变更的，在办结后 {extension_after_decision_days} 个工作日内提出"
)
def within_window(case: Case, facts: Facts) -> Iterator[Finding]:
    """The filing day counts: from three months before the end to the end, or the next working day after a holiday.

    A change that was filed in time kept the certificate open: after its decision there are some more working days.
    """
    months = facts.parameters.integer("extension_window_months", case.on)
    for certificate in subject_certificates(case, facts):
        opens = months_before(certificate.ends_on, months)
        last = facts(holdings).last_day_to_extend(certificate)
        over = facts(holdings).grace_periods.get(certificate.pk)
        if over is not None and over.decided_on is not None:
            facts.parameters.row(AFTER_DECISION, over.decided_on)  # the decision records the row
        span = f"{chinese_date(opens)}至{chinese_date(last)}"
        if case.on < opens:
            yield Finding("extension.too_early", "还没有到办理时间", f"可在{span}期间申请延续。", turn="本人")
        elif case.on > last:
            detail = f"应在{span}期间申请。已逾期的证书不能延续，需要重新参加考核。"
            yield Finding("extension.too_late", "已过办理时间", detail, turn="本人")
        else:
            yield satisfied("extension.too_early", "在办理时间内", span)
