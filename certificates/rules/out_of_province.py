"""Rule X-1: a certificate in force in another province blocks business here until it is exchanged or cancelled."""

from __future__ import annotations

from collections.abc import Iterable

from certificates.enums import Ending
from certificates.models import OutOfProvinceCertificate
from common.dates import chinese_date
from common.findings import Cure, Finding, Level


def valid_elsewhere(other: OutOfProvinceCertificate) -> Finding:
    return Finding(
        "holding.X-1",
        f"持有{other.province}有效证书{other.number}（规则 X-1）",
        f"有效期至{chinese_date(other.valid_to)}，来源：{other.source}。请办理进赣换证，或者在{other.province}注销后再办理本省业务。",
        turn="本人",
        facts={"rule": "X-1", "number": other.number, "province": other.province, "source": other.source},
        cure=Cure("办理进赣换证", business="transfer_in", query={"declared": other.pk} if other.declared_by_id else {}),
    )


def may_have_ended(other: OutOfProvinceCertificate) -> Finding:
    """The other cure of a declared one."""
    return Finding(
        "holding.X-1.declared",
        f"{other.number}已在{other.province}注销的，请登记注销情况",
        "这本证书是您本人申报的，登记注销后即不再影响本省业务。",
        Level.ADVISORY,
        turn="本人",
        cure=Cure("登记注销", url_name="certificates:elsewhere_end", kwargs={"pk": other.pk}),
    )


def ended_in_words(others: Iterable[OutOfProvinceCertificate]) -> str:
    """For the reviewer: what the applicant says about certificates that no longer count."""
    return "；".join(
        f"{one.number}{Ending(one.ending).label}（{one.source}）"
        for one in others
        if one.declared_by_id and one.settled_at is not None and one.ending and one.ending != Ending.MISTAKEN
    )
