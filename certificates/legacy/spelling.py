"""Gives names in old records that were stored under an earlier reading the spelling that is stored today.

The fingerprint follows, so that the same file imported again changes nothing. A record whose clean form is stored beside it
already stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from accounts.access import audit
from certificates.enums import LegacyState
from certificates.models import LegacyCertificate
from common.database.set_updates import update_rows
from common.text.names import normalise_name
from common.text.organisations import normalise_organisation_name
from common.text.spelling import Respelled, in_blocks, respelled

from .rows import fingerprint_of_record

SEPARATOR = " / "
"""It stands between the person and the enterprise of a record."""


def records_to_respell() -> Iterator[Respelled]:
    rows = LegacyCertificate.objects.order_by("pk").values_list("pk", "name", "enterprise_name")
    pairs = ((pk, f"{name}{SEPARATOR}{enterprise}") for pk, name, enterprise in rows.iterator(chunk_size=10_000))
    return respelled(pairs, _normalise, lambda names: not names.startswith(SEPARATOR))


def _normalise(names: str) -> str:
    name, _, enterprise = names.partition(SEPARATOR)
    return f"{normalise_name(name)}{SEPARATOR}{normalise_organisation_name(enterprise)}"


def respell_records(found: list[Respelled]) -> int:
    """Takes a block of rows per transaction, and answers how many it changed."""
    return in_blocks(found, _respell)


@transaction.atomic
def _respell(found: list[Respelled]) -> int:
    wanted = [one.pk for one in found if one.is_usable]
    records = list(LegacyCertificate.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)))
    for record in records:
        # What an import was taken back for has lost its fingerprint, and must not get one again.
        is_forgotten = record.state == LegacyState.DISCARDED and record.fingerprint != fingerprint_of_record(record)
        record.name = normalise_name(record.name)
        record.enterprise_name = normalise_organisation_name(record.enterprise_name)
        if not is_forgotten:
            record.fingerprint = fingerprint_of_record(record)
    taken = set(
        LegacyCertificate.objects.filter(fingerprint__in=[record.fingerprint for record in records])
        .exclude(pk__in=[record.pk for record in records])
        .values_list("fingerprint", flat=True)
    )
    free = []
    for record in records:
        if record.fingerprint not in taken:
            taken.add(record.fingerprint)
            free.append(record)
            audit.record("clean_name", by=None, about=record, detail={"number": record.number})
    update_rows(free, ["name", "enterprise_name", "fingerprint"])
    return len(free)
