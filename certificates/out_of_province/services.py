"""Writes what persons declare about certificates of other provinces (rule X-1); an entry of the register comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Person
from certificates.enums import Ending
from certificates.models import CertificateItem, OutOfProvinceCertificate
from certificates.state.snapshots import refresh_for_people
from common.files.uploads import CheckedUpload
from common.findings import Cure, Finding, Refused
from workflow.services.locking import lock_parties


@dataclass(frozen=True)
class Declared:
    """Holds the text of the certificate; `number` is canonical and of another province."""

    number: str
    category: str
    province: str
    enterprise_name: str
    valid_to: date


@transaction.atomic
def declare(
    person_id: int, said: Declared, *, scan: CheckedUpload | None = None, now: datetime
) -> OutOfProvinceCertificate:
    """A declaration counts at once. Raises `Refused` with every reason."""
    person = _locked(person_id)
    if reasons := _reasons(person, said, now):
        raise Refused(*reasons)
    row = OutOfProvinceCertificate(
        id_number_index=person.id_number_index, name=person.name, declared_by=person, declared_at=now
    )
    _take(row, said, scan)
    refresh_for_people({person_id}, now=now)
    return row


@transaction.atomic
def correct_declaration(
    declaration_id: int, person_id: int, said: Declared, *, scan: CheckedUpload | None = None, now: datetime
) -> OutOfProvinceCertificate:
    """A declaration may change while it is neither ended nor used by an application. Raises `Refused`."""
    person = _locked(person_id)
    row = _own_open(declaration_id, person_id)
    if reasons := _reasons(person, said, now, besides=row):
        raise Refused(*reasons)
    _take(row, said, scan)
    refresh_for_people({person_id}, now=now)
    return row


@transaction.atomic
def end_declaration(declaration_id: int, person_id: int, *, ending: Ending, ended_on: date, now: datetime) -> None:
    """The declaration no longer counts, but an entry of the register for the same certificate does. Raises `Refused`."""
    _locked(person_id)
    row = _own_open(declaration_id, person_id)
    if ended_on > localdate(now):
        raise Refused(Finding("elsewhere.future", "终止日期不能晚于今天", "实际注销或换证以后再登记。", turn="本人"))
    row.settled_at, row.ending, row.ended_on = now, ending, ended_on
    row.save(update_fields=["settled_at", "ending", "ended_on"])
    refresh_for_people({person_id}, now=now)


def why_fixed(row: OutOfProvinceCertificate) -> Finding | None:
    """Answers why the person may not change it now, or None."""
    if row.settled_at is not None:
        return Finding("elsewhere.ended", f"{row.number}已登记终止，不能再修改", "需要时请重新申报。", turn="本人")
    item = (
        CertificateItem.objects.filter(
            is_open=True, claim_key=f"number:{row.number}", application__person=row.declared_by_id
        )
        .select_related("application")
        .first()
    )
    if item is None:
        return None
    number = item.application.number
    return Finding(
        "elsewhere.used",
        f"{row.number}正在办理业务，不能修改申报",
        f"办件{number}办结或撤回后可以修改。",
        turn="本人",
        cure=Cure("查看办件", url_name="workflow:detail", kwargs={"number": number}),
    )


def _locked(person_id: int) -> Person:
    """While the lock lasts, nothing is filed or decided about the person."""
    persons, _ = lock_parties(person_ids=[person_id])
    return persons[person_id]


def _own_open(declaration_id: int, person_id: int) -> OutOfProvinceCertificate:
    row = OutOfProvinceCertificate.objects.get(pk=declaration_id, declared_by=person_id)
    if fixed := why_fixed(row):
        raise Refused(fixed)
    return row


def _reasons(
    person: Person, said: Declared, now: datetime, *, besides: OutOfProvinceCertificate | None = None
) -> list[Finding]:
    found = []
    if said.valid_to < localdate(now):
        found.append(
            Finding("elsewhere.over", "证书已过有效期，不需要申报", "只申报仍在有效期内的外省证书。", turn="本人")
        )
    others = OutOfProvinceCertificate.objects.filter(number=said.number, settled_at__isnull=True).order_by("pk")
    for other in others:
        if besides is not None and other.pk == besides.pk:
            continue
        if other.declared_by_id is None and other.id_number_index == person.id_number_index:
            found.append(
                Finding("elsewhere.registered", f"{said.number}已在外省证书登记库中", "不需要再申报。", turn="本人")
            )
        elif other.declared_by_id is None:
            detail = "请核对证书编号；确认无误的，请向发证省份核实。"
            found.append(Finding("elsewhere.differs", "证书编号与外省证书登记库不一致", detail, turn="本人"))
        elif other.declared_by_id == person.pk:
            found.append(Finding("elsewhere.known", f"您已申报过{said.number}", "可以更正已有的申报。", turn="本人"))
    return found


def _take(row: OutOfProvinceCertificate, said: Declared, scan: CheckedUpload | None) -> None:
    row.number, row.category, row.province = said.number, said.category, said.province
    row.enterprise_name, row.valid_to = said.enterprise_name, said.valid_to
    if scan is not None:
        # The old file stays, because an office may have looked at it.
        row.scan.save(scan.storage_name, ContentFile(scan.data), save=False)
        row.scan_type = scan.file_type
    row.save()
