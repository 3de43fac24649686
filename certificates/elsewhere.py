"""Rule X-1: a certificate in force in another province blocks business here until it is exchanged or cancelled."""

from __future__ import annotations

from jxcloud.base.dates import chinese_date
from jxcloud.base.findings import Cure, Finding

from .models import OutOfProvinceCertificate


def valid_elsewhere(other: OutOfProvinceCertificate) -> Finding:
    return Finding(
        "holding.X-1",
        f"持有{other.province}有效证书{other.number}（规则 X-1）",
        f"有效期至{chinese_date(other.valid_to)}。请办理进赣换证，或者在{other.province}注销后再办理本省业务。",
        turn="本人",
        facts={"rule": "X-1", "number": other.number, "province": other.province},
        cure=Cure("办理进赣换证", business="transfer_in"),
    )
