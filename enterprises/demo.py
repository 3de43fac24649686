"""Enterprises in all cities, some dissolved, one renamed, with projects and registered constructors for later."""

from __future__ import annotations

from datetime import date, timedelta

from administration.models import Mailbox, Region
from administration.selectors import PROVINCE
from jxcloud.base.demo import DemoContext

from .enums import EnterpriseStatus
from .models import Enterprise, EnterpriseName

COUNT = 48


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
    _rename(made[5], context.today)
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


def _rename(enterprise: Enterprise, today: date) -> None:
    """Its certificates still print the former name."""
    former = enterprise.name
    changed = today - timedelta(days=30)
    enterprise.name = former.replace("有限公司", "集团有限公司")
    enterprise.save(update_fields=["name"])
    EnterpriseName.objects.bulk_create(
        [
            EnterpriseName(enterprise=enterprise, name=former, used_from=date(2012, 5, 1), used_to=changed),
            EnterpriseName(enterprise=enterprise, name=enterprise.name, used_from=changed),
        ]
    )
