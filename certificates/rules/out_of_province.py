"""Checks rule X-1: a certificate in force in another province blocks business here until it is exchanged or cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from certificates.enums import Ending
from certificates.facts.holdings import holdings
from certificates.models import OutOfProvinceCertificate
from common.dates import chinese_date
from common.findings import Cure, Finding, Level, satisfied
from workflow.checks import Case, Facts, condition


def valid_out_of_province(other: OutOfProvinceCertificate) -> Finding:
    return Finding(
        "holding.X-1",
        f"持有{other.province}有效证书{other.number}",
        f"有效期至{chinese_date(other.valid_to)}，来源：{other.source}。请办理进赣换证，或者在{other.province}注销后再办理本省业务。",
        turn="本人",
        facts={"rule": "X-1", "number": other.number, "province": other.province, "source": other.source},
        cure=Cure("办理进赣换证", business="transfer_in", query={"declared": other.pk} if other.declared_by_id else {}),
    )


def may_have_ended(other: OutOfProvinceCertificate) -> Finding:
    """A declared certificate has this cure besides the exchange."""
    return Finding(
        "holding.X-1.declared",
        f"{other.number}已在{other.province}注销的，请登记注销情况",
        "这本证书是您本人申报的，登记注销后即不再影响本省业务。",
        Level.ADVISORY,
        turn="本人",
        cure=Cure("登记注销", url_name="certificates:elsewhere_end", kwargs={"pk": other.pk}),
    )


def ended_in_words(others: Iterable[OutOfProvinceCertificate]) -> str:
    """Tells the reviewer what the applicant says about certificates that no longer count."""
    return "；".join(
        f"{one.number}{Ending(one.ending).label}（{one.source}）"
        for one in others
        if one.declared_by_id and one.settled_at is not None and one.ending and one.ending != Ending.MISTAKEN
    )


@condition("没有其他省份的有效证书（有的先申报，并办理进赣换证或在外省注销）")
def none_valid_out_of_province(case: Case, facts: Facts) -> Iterator[Finding]:
    """Rule X-1 is judged by the day of each check, at filing and afterwards."""
    known = facts(holdings)
    others = known.out_of_province.get(case.person_id or 0, [])
    for other in others:
        yield valid_out_of_province(other)
        if other.declared_by_id is not None:
            yield may_have_ended(other)
    if not others:
        said = ended_in_words(known.all_out_of_province.get(case.person_id or 0, []))
        detail = said or "持有其他省份证书而没有登记的，请先在“我的证书 - 外省证书申报”中申报。"
        yield satisfied("holding.X-1", "没有登记或申报的外省有效证书", detail)
