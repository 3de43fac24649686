"""Checks what every business asks of a certificate: its state, its end and other applications about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from certificates.enums import LegalState
from certificates.facts.holdings import holdings
from certificates.models import Certificate
from common.dates import chinese_date
from common.findings import Cure, Finding, Level, satisfied
from workflow.checks import Case, Facts, condition


def subject_certificates(case: Case, facts: Facts) -> list[Certificate]:
    known = facts(holdings).certificates
    return [known[pk] for pk in case.subjects if pk in known]


@condition("证书没有被暂扣、注销、撤销或吊销")
def certificates_valid(case: Case, facts: Facts) -> Iterator[Finding]:
    """The certificate is neither suspended nor ended; `within_window` checks the end date."""
    for certificate in subject_certificates(case, facts):
        if certificate.legal_state == LegalState.SUSPENDED:
            yield Finding(
                "certificate.suspended",
                f"{certificate.number}被暂扣",
                "暂扣期间不能办理，期满发还后再申请。",
                turn="暂扣机关",
            )
        elif certificate.legal_state != LegalState.VALID:
            yield Finding(
                "certificate.ended",
                f"{certificate.number}已{LegalState(certificate.legal_state).label}",
                "已终止的证书不能再办理业务。",
            )


@condition("证书在有效期内")
def not_expired(case: Case, facts: Facts) -> Iterator[Finding]:
    """Businesses other than the extension ask this: past its end the certificate can only be obtained anew."""
    for certificate in subject_certificates(case, facts):
        if certificate.ends_on >= case.on:
            continue
        over = facts(holdings).in_grace.get(certificate.pk)
        if over is None:
            yield Finding(
                "certificate.expired",
                f"{certificate.number}已过有效期",
                f"有效期至{chinese_date(certificate.ends_on)}，需要由受聘企业报名，重新参加考核。",
                turn="受聘企业",
                cure=Cure("报名考核的办法", url_name="workflow:guide", kwargs={"kind": "exam"}),
            )
        elif over.decided_on is not None and over.application is None and case.is_filing:
            yield Finding(
                "certificate.extension_first",
                f"{certificate.number}有效期已届满，现在只能申请延续",
                f"{chinese_date(over.last_day)}前申请延续的继续有效；延续办结后再办理其他业务。",
                turn="本人",
                cure=Cure("办理延续", business="extension", query={"certificate": certificate.pk}),
            )


@condition("同一证书没有在办业务")
def nothing_in_progress(case: Case, facts: Facts) -> Iterator[Finding]:
    found = False
    for certificate in subject_certificates(case, facts):
        other = facts(holdings).open_applications.get(certificate.pk)
        if other is not None and other.pk != case.application_id:
            found = True
            yield Finding(
                "workflow.in_progress",
                f"{certificate.number}有在办业务",
                f"办件{other.number}办结或撤回后才能再次申请。",
                turn="本人",
                # The holder may not open an enterprise's application about all its certificates.
                cure=Cure("查看办件", url_name="workflow:detail", kwargs={"number": other.number})
                if other.person_id == case.person_id
                else None,
            )
    if not found:
        yield satisfied("workflow.in_progress", "没有在办业务")


def earliest_end(certificates: Sequence[Certificate]) -> date | None:
    return min((certificate.ends_on for certificate in certificates), default=None)


def advise_extension(case: Case, facts: Facts) -> Finding | None:
    """Says beforehand that a change near the end does not extend the certificate."""
    ends = earliest_end(subject_certificates(case, facts))
    if ends is None or (ends - case.on).days > 92:
        return None
    return Finding(
        "certificate.ends_soon",
        "证书即将到期",
        f"有效期至{chinese_date(ends)}，变更不改变有效期，办结后请及时办理延续。",
        Level.ADVISORY,
        turn="本人",
    )
