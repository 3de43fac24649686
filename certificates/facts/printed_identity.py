"""Compares name, sex and birth date as the latest version prints them with the real-name registration."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from accounts.enums import Sex
from accounts.models import Person
from certificates.models import CertificateVersion
from common.dates import chinese_date


@dataclass(frozen=True)
class PrintedIdentity:
    name: str
    sex: str
    birth_date: date


@dataclass(frozen=True)
class Difference:
    """`code` is that of the finding; the other three are words for it."""

    code: str
    label: str
    printed: str
    registered: str


def load_printed(certificate_ids: Collection[int]) -> dict[int, PrintedIdentity]:
    """Answers what the latest versions print, in one query. An old record that was never issued here has no version."""
    latest = CertificateVersion.objects.filter(
        certificate_id__in=certificate_ids, version=F("certificate__latest_version")
    )
    rows = latest.values_list("certificate_id", "name", "sex", "birth_date")
    return {pk: PrintedIdentity(name, sex, birth_date) for pk, name, sex, birth_date in rows}


def differences(printed: PrintedIdentity | None, person: Person) -> Iterator[Difference]:
    if printed is None:
        return
    if printed.name != person.name:
        yield Difference("person.name_differs", "姓名", printed.name, person.name)
    if printed.sex != person.sex:
        yield Difference("person.sex_differs", "性别", str(Sex(printed.sex).label), str(Sex(person.sex).label))
    if printed.birth_date != person.birth_date:
        words = chinese_date(printed.birth_date), chinese_date(person.birth_date)
        yield Difference("person.birth_date_differs", "出生日期", *words)
