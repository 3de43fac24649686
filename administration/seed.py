"""Makes the data that every installation starts with: regions, former codes, calendar, parameters, which messages leave
the portal.

It runs after every `migrate` (and after a test's flush, which sends the same signal); existing rows are never
touched.
"""

from __future__ import annotations

import csv
from pathlib import Path

from administration.calendar.working_days import seed_days
from administration.offices.selectors import PROVINCE
from administration.outbox.choices import first_choices
from administration.parameters.declared import seed_rows

from .models import CalendarDay, MessageChoice, Parameter, Region, RegionAlias

CITIES = {
    "360100": "南昌市",
    "360200": "景德镇市",
    "360300": "萍乡市",
    "360400": "九江市",
    "360500": "新余市",
    "360600": "鹰潭市",
    "360700": "赣州市",
    "360800": "吉安市",
    "360900": "宜春市",
    "361000": "抚州市",
    "361100": "上饶市",
}
FORMER_CODES = {
    "360105": "360112",
    "360122": "360112",
    "360421": "360404",
    "360427": "360483",
    "360622": "360603",
    "360721": "360704",
    "360727": "360783",
    "360782": "360703",
    "361029": "361003",
    "361121": "361104",
    "361122": "361103",
}
COUNTIES = Path(__file__).parent / "data" / "jiangxi-regions.csv"
CALENDAR_YEARS = range(2019, 2027)


def seed_regions() -> None:
    regions = [Region(code=PROVINCE, name="江西省")]
    regions += [Region(code=code, name=name, parent_id=PROVINCE) for code, name in CITIES.items()]
    with COUNTIES.open(encoding="utf-8") as file:
        regions += [
            Region(code=row["code"], name=row["name"], parent_id=row["city_code"]) for row in csv.DictReader(file)
        ]
    Region.objects.bulk_create(regions, ignore_conflicts=True)
    RegionAlias.objects.bulk_create(
        [RegionAlias(code=old, region_id=new) for old, new in FORMER_CODES.items()], ignore_conflicts=True
    )


def seed_parameters() -> None:
    Parameter.objects.bulk_create(seed_rows(), ignore_conflicts=True)


def seed_calendar() -> None:
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, is_workday=is_workday, note=note) for day, is_workday, note in seed_days(CALENDAR_YEARS)],
        ignore_conflicts=True,
    )


def seed_message_choices() -> None:
    MessageChoice.objects.bulk_create(first_choices(), ignore_conflicts=True)


def seed(**_: object) -> None:
    seed_regions()
    seed_parameters()
    seed_calendar()
    seed_message_choices()
