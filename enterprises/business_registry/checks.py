"""Asks the business registry about a code and keeps when, with which outcome, and what is due to be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from enterprises.enums import CodeKind, EnterpriseStatus, RegistryOutcome
from enterprises.models import Enterprise, RegistryCheck

from .client import (
    BusinessRegistry,
    RegistryBusy,
    RegistryError,
    RegistryNotSet,
    RegistryRecord,
    RegistrySilent,
    RegistryUnknown,
)

AGAIN_AFTER = timedelta(days=30)
"""The entry of an enterprise is asked about at least this often, as far as the nights suffice."""
GONE_AGAIN_AFTER = timedelta(days=7)
"""One that was recorded as dissolved by mistake cannot log in and ask itself."""
FAILED_AGAIN_AFTER = timedelta(hours=12)
REQUESTED_AGAIN_AFTER = timedelta(hours=1)
"""Whoever asked in the afternoon has been told that the coming night asks again."""
REQUEST_LASTS = timedelta(days=30)
"""A licence of today reaches the registry some days later; after this time nobody waits for it any more."""


def look_up(code: str, *, now: datetime) -> RegistryRecord:
    """Answers what the registry says, which may be about another code. Raises RegistryError.

    It runs outside a transaction, because the registry may answer slowly.
    """
    try:
        record = BusinessRegistry.configured().ask(code)
    except (RegistryNotSet, RegistryBusy):
        raise  # nothing was asked
    except RegistryError as error:
        note(code, _outcome_of(error), now=now)
        raise
    note(code, RegistryOutcome.FOUND if record.uscc == code else RegistryOutcome.ANOTHER, now=now)
    return record


def _outcome_of(error: RegistryError) -> RegistryOutcome:
    if isinstance(error, RegistryUnknown):
        return RegistryOutcome.UNKNOWN
    return RegistryOutcome.SILENT if isinstance(error, RegistrySilent) else RegistryOutcome.UNCLEAR


@transaction.atomic
def note(code: str, outcome: RegistryOutcome, *, now: datetime) -> None:
    """An entry that was found settles a request; after any other answer the night asks again."""
    values: dict[str, object] = {"asked_at": now, "outcome": outcome}
    if outcome in (RegistryOutcome.FOUND, RegistryOutcome.ANOTHER):
        values["requested_at"] = None
    RegistryCheck.objects.update_or_create(code=code, defaults=values)


@transaction.atomic
def request_check(code: str, *, now: datetime) -> None:
    RegistryCheck.objects.update_or_create(code=code, defaults={"requested_at": now})


def due_codes(*, now: datetime, most: int) -> list[str]:
    """Answers the codes that the night asks about: first where somebody waits, then dissolved enterprises, which cannot
    ask themselves, then those never asked about or longest ago. What failed once waits behind those.
    """
    requested = RegistryCheck.objects.filter(requested_at__gt=now - REQUEST_LASTS).filter(
        Q(asked_at__isnull=True) | Q(asked_at__lt=now - REQUESTED_AGAIN_AFTER)
    )
    codes = list(requested.order_by("requested_at", "pk").values_list("code", flat=True)[:most])
    for rows in (_gone(now), _living(now)):
        left = most - len(codes)
        if left > 0:
            codes += rows.exclude(uscc__in=codes).values_list("uscc", flat=True)[:left]
    return codes


def _asked() -> QuerySet[Enterprise]:
    checks = RegistryCheck.objects.filter(code=OuterRef("uscc"))
    rows = Enterprise.objects.filter(code_kind=CodeKind.USCC)
    rows = rows.annotate(asked=Subquery(checks.values("asked_at")[:1]), outcome=Subquery(checks.values("outcome")[:1]))
    return rows.order_by(F("asked").asc(nulls_first=True), "pk")


def _due(rows: QuerySet[Enterprise], now: datetime, after: timedelta) -> QuerySet[Enterprise]:
    failed = Q(asked__lt=now - FAILED_AGAIN_AFTER, outcome__in=[RegistryOutcome.SILENT, RegistryOutcome.UNCLEAR])
    return rows.filter(Q(asked__isnull=True) | Q(asked__lt=now - after) | failed)


def _gone(now: datetime) -> QuerySet[Enterprise]:
    return _due(_asked().exclude(status=EnterpriseStatus.EXISTING), now, GONE_AGAIN_AFTER)


def _living(now: datetime) -> QuerySet[Enterprise]:
    return _due(_asked().filter(status=EnterpriseStatus.EXISTING), now, AGAIN_AFTER)
