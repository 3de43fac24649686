"""Makes enterprises in all cities, some dissolved, one renamed; each has a key file, bound where the enterprise
exists.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings

from administration.models import Mailbox, Region
from administration.offices.selectors import PROVINCE
from devtools.demo_keys.pki import ensure_demo_pki
from devtools.demo_servers.business_registry import records_file
from enterprises.ca_login.key_services import bind_key
from enterprises.ca_login.services import presented_key
from enterprises.enums import EnterpriseStatus
from enterprises.models import Enterprise, EnterpriseName

from .builders import demo_builder
from .context import DemoContext

COUNT = 48
RENAMED = 8
RENAMED_SINCE = 9
OPERATORS = ("熊梅", "涂建", "万芳", "余波", "晏丽", "饶军", "闵涛", "龚敏")


def build(context: DemoContext) -> list[Enterprise]:
    counties = list(
        Region.objects.exclude(pk=PROVINCE).exclude(parent_id=PROVINCE).select_related("parent").order_by("code")
    )
    cities = sorted({county.city_code for county in counties})
    made = []
    for position in range(COUNT):
        city = cities[position % len(cities)]
        county = context.pick([one for one in counties if one.city_code == city])
        made.append(_enterprise(context, county, position))
    Enterprise.objects.bulk_create(made)
    _rename(made[RENAMED], context.today)
    return made


def _enterprise(context: DemoContext, county: Region, position: int) -> Enterprise:
    gone = position in (40, 41, 42)
    name = context.enterprise_name((county.parent.name if county.parent else "").removesuffix("市"))
    return Enterprise(
        uscc=context.uscc(county.code),
        name=name,
        region=county,
        address=f"{county.name}建设路{position + 1}号",
        phone=f"0791-8600{position:04d}",
        legal_representative=context.person_name(),
        status=(EnterpriseStatus.REVOKED if position == 42 else EnterpriseStatus.DISSOLVED)
        if gone
        else EnterpriseStatus.EXISTING,
        dissolved_on=context.today - timedelta(days=90) if gone else None,
        mailbox=Mailbox.objects.create(),
    )


def bind_keys(context: DemoContext, enterprises: list[Enterprise], now: datetime) -> dict[int, Path]:
    """Answers the key files by enterprise; the operators of the existing ones have logged in before."""
    pki = ensure_demo_pki(settings.DEMO_PKI)
    files = {}
    for position, enterprise in enumerate(enterprises):
        files[enterprise.pk] = file = pki.ensure_enterprise_key(
            uscc=enterprise.uscc,
            enterprise_name=enterprise.name,
            operator_name=OPERATORS[position % len(OPERATORS)],
            pin=context.pin,
        )
        _, certificate, _ = pkcs12.load_key_and_certificates(file.read_bytes(), context.pin.encode())
        if certificate is not None and not enterprise.is_gone:
            bind_key(enterprise_id=enterprise.pk, presented=presented_key(certificate, enterprise.uscc), now=now)
    return files


def write_registry(enterprises: list[Enterprise], file: Path) -> None:
    """Writes the answers of the demonstration's business registry, which has a new name for one enterprise."""
    records = {one.uscc: _record(one) for one in enterprises}
    renamed = records[enterprises[RENAMED_SINCE].uscc]
    renamed["name"] = enterprises[RENAMED_SINCE].name.removesuffix("有限公司") + "发展有限公司"
    file.write_text(json.dumps(records, ensure_ascii=False, indent=1), encoding="utf-8")


def _record(enterprise: Enterprise) -> dict[str, str]:
    return {
        "uscc": enterprise.uscc,
        "name": enterprise.name,
        "region": enterprise.region_id,
        "legal_representative": enterprise.legal_representative,
        "status": enterprise.status,
        "dissolved_on": enterprise.dissolved_on.isoformat() if enterprise.dissolved_on else "",
    }


def _rename(enterprise: Enterprise, today: date) -> None:
    """Its certificates still print the former name."""
    former = enterprise.name
    changed = today - timedelta(days=30)
    enterprise.name = former.removesuffix("有限公司") + "（集团）有限公司"
    enterprise.save(update_fields=["name"])
    EnterpriseName.objects.bulk_create(
        [
            EnterpriseName(enterprise=enterprise, name=former, used_from=date(2012, 5, 1), used_to=changed),
            EnterpriseName(enterprise=enterprise, name=enterprise.name, used_from=changed),
        ]
    )


@demo_builder("enterprises", order=30)
def build_enterprises(context: DemoContext) -> None:
    context.enterprises = build(context)
    write_registry(context.enterprises, records_file(settings.VAR))
    context.key_files = bind_keys(context, context.enterprises, context.now)
