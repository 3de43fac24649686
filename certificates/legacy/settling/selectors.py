"""Reads old records that were set aside, each with what it contradicts and with what the registers say of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Person
from accounts.people.identity import id_number_index
from administration.imports.repetitions import ids_said_again
from administration.models import ImportRun
from certificates.enums import LegacyState
from certificates.legacy.importing import (
    LEGACY,
    SAME_NUMBER_IN_FILE,
    SAME_NUMBER_KNOWN,
    SAME_PERSON_IN_FILE,
    SAME_PERSON_KNOWN,
)
from certificates.legacy.matching import NAME_DIFFERS, NUMBER_TAKEN, SERIAL_TAKEN
from certificates.legacy.taking_back import built_upon
from certificates.models import Certificate, LegacyCertificate, LegacySettlement
from common.database.name_search import person_named
from common.text.certificate_number import number_beginning
from enterprises.models import Enterprise, EnterpriseName
from training.models import TrainingRecord

SAME_NUMBER = (SAME_NUMBER_IN_FILE, SAME_NUMBER_KNOWN, NUMBER_TAKEN, SERIAL_TAKEN)
SAME_PERSON = (SAME_PERSON_IN_FILE, SAME_PERSON_KNOWN, NAME_DIFFERS)
SHOWN_OTHERS = 20
LISTED_RUNS = 200
VERIFIED = "已人工核实"
OPEN = (LegacyState.UNMATCHED, LegacyState.MATCHED, LegacyState.QUARANTINED)
_OF_SAME_NUMBER, _OF_SAME_PERSON = Q(quarantine_reason__in=SAME_NUMBER), Q(quarantine_reason__in=SAME_PERSON)
REASONS = {
    "number": ("编号相同，内容不同", _OF_SAME_NUMBER),
    "person": ("身份证号相同，姓名不同", _OF_SAME_PERSON),
    "other": ("日期不合理及其他", ~_OF_SAME_NUMBER & ~_OF_SAME_PERSON),
}


def waiting() -> QuerySet[LegacyCertificate]:
    return LegacyCertificate.objects.filter(state=LegacyState.QUARANTINED)


def longest_waiting() -> LegacyCertificate | None:
    return waiting().select_related("import_run").order_by("pk").first()


def narrowed(wanted: dict[str, Any]) -> QuerySet[LegacyCertificate]:
    rows = waiting().select_related("import_run")
    if text := (wanted.get("q") or "").strip():
        number = number_beginning(text)
        rows = rows.filter(number__startswith=number) if number else rows.filter(person_named("name", text))
    if reason := wanted.get("reason"):
        rows = rows.filter(REASONS[reason][1])
    if run := wanted.get("run"):
        rows = rows.filter(import_run_id=run)
    return rows


def of_id_number(id_number: str) -> QuerySet[LegacyCertificate]:
    """Answers every record of this number, normalised, those that were decided about as well."""
    return LegacyCertificate.objects.filter(id_number_index=id_number_index(id_number)).select_related("import_run")


def runs_with_waiting() -> list[tuple[int, str]]:
    runs = ImportRun.objects.filter(pk__in=waiting().values("import_run")).order_by("-pk")[:LISTED_RUNS]
    return [(run.pk, f"{run.file_name or '未命名文件'}（第 {run.pk} 号）") for run in runs]


@dataclass(frozen=True)
class Matter:
    """Holds one record with what it contradicts: others of its number first, then others of its ID number."""

    record: LegacyCertificate
    others: Sequence[LegacyCertificate]
    person: Person | None
    certificate: Certificate | None
    settlements: Sequence[LegacySettlement]

    @property
    def seen(self) -> str:
        """Changes when any of what the clerk looked at changes."""
        known = [(one.pk, one.state, one.fingerprint) for one in [self.record, *self.others]]
        return hashlib.sha256(repr(known).encode()).hexdigest()[:32]

    @property
    def same_number(self) -> list[LegacyCertificate]:
        return [one for one in self.others if one.number == self.record.number]


def load_matter(pk: int) -> Matter:
    """Raises Http404 for a record that does not exist. The number of queries is constant."""
    record = get_object_or_404(LegacyCertificate.objects.select_related("import_run", "certificate"), pk=pk)
    return matter_of(record)


def matter_of(record: LegacyCertificate) -> Matter:
    same = Q(number=record.number) | Q(id_number_index=record.id_number_index) & ~Q(name=record.name)
    others = list(
        LegacyCertificate.objects.filter(same, state__in=OPEN)
        .exclude(pk=record.pk)
        .select_related("import_run", "certificate")
        .order_by("pk")[:SHOWN_OTHERS]
    )
    others.sort(key=lambda one: (one.number != record.number, one.pk))
    settlements = LegacySettlement.objects.filter(Q(record=record) | Q(replacement=record)).select_related("by")
    return Matter(
        record,
        others,
        Person.objects.filter(id_number_index=record.id_number_index).first(),
        Certificate.objects.filter(number=record.number, taken_back_at__isnull=True).select_related("person").first(),
        list(settlements.order_by("pk")),
    )


@dataclass(frozen=True)
class Evidence:
    """Holds what the registers say, as sentences by the field they speak of, and the values that agree with them."""

    words: dict[str, str]
    names: frozenset[str]
    enterprises: frozenset[str]


def evidence_of(matter: Matter) -> Evidence:
    records = [matter.record, *matter.others]
    people = list(Person.objects.filter(id_number_index__in={one.id_number_index for one in records}))
    known = _enterprise_names({one.enterprise_name for one in records if one.enterprise_name})
    years = TrainingRecord.objects.filter(
        id_number_index=matter.record.id_number_index, withdrawn_at__isnull=True
    ).values_list("ends_on__year", flat=True)
    registered = [one for one in people if one.registered_at is not None]
    words = {
        "name": "、".join(one.name for one in registered) or "没有实名登记",
        "number": f"已有证书，持证人{matter.certificate.person.name}" if matter.certificate else "还没有证书",
        "enterprise_name": "；".join(known.values()) or "没有登记这些名称的企业",
        "valid_to": f"继续教育：{'、'.join(str(year) for year in sorted(set(years)))}年度"
        if years
        else "没有继续教育记录",
    }
    names = {name for one in registered for name in (one.name, *one.alias_names)}
    return Evidence(words, frozenset(names), frozenset(known))


def _enterprise_names(names: set[str]) -> dict[str, str]:
    """Maps a name that a registered enterprise has, or had, to words about it."""
    found = {
        name: f"{name}（已登记）" for name in Enterprise.objects.filter(name__in=names).values_list("name", flat=True)
    }
    former = EnterpriseName.objects.filter(name__in=names).select_related("enterprise").order_by("pk")
    for one in former:
        found.setdefault(one.name, f"{one.enterprise.name}（曾用名{one.name}）")
    return found


def neighbours(record: LegacyCertificate) -> tuple[int | None, int | None]:
    """Answers the waiting records before and after this one."""
    before = waiting().filter(pk__lt=record.pk).order_by("-pk").values_list("pk", flat=True).first()
    after = waiting().filter(pk__gt=record.pk).order_by("pk").values_list("pk", flat=True).first()
    return before, after


# --- taking an import back ---


def rows_of(run: ImportRun) -> QuerySet[LegacyCertificate]:
    """Answers what the import brought in and has not been discarded."""
    return LegacyCertificate.objects.filter(import_run=run, state__in=OPEN)


def reasons_to_keep(records: Iterable[LegacyCertificate]) -> dict[int, list[str]]:
    """Maps each record that cannot be taken back to the reasons."""
    records = list(records)
    used = built_upon([one.certificate_id for one in records if one.certificate_id is not None])
    found = {}
    for one in records:
        reasons = [VERIFIED] if one.is_verified else []
        if one.certificate_id is not None:
            reasons += used.get(one.certificate_id, [])
        if reasons:
            found[one.pk] = reasons
    return found


def kept_rows(run: ImportRun) -> QuerySet[LegacyCertificate]:
    """Answers the records of a run that cannot be taken back, however many they are."""
    used = built_upon(rows_of(run).filter(certificate__isnull=False).values("certificate"))
    again = ids_said_again(run, LEGACY)
    return rows_of(run).filter(Q(certificate__in=list(used)) | Q(is_verified=True) | Q(pk__in=again))
