"""Reads the answers of the business registry: those that an enterprise has asked for, and those that wait for a clerk."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from enterprises.enums import EnterpriseStatus, RegistryOutcome
from enterprises.models import Enterprise, RegistryCheck, RegistrySync

from .checks import REQUEST_LASTS

SHOWN = 50


def answer_for(enterprise_id: int, pk: int) -> RegistrySync:
    """Raises Http404 for what another enterprise has asked, too."""
    return get_object_or_404(RegistrySync.objects.select_related("enterprise"), enterprise=enterprise_id, pk=pk)


def answer_by_id(pk: int) -> RegistrySync:
    """Raises Http404."""
    return get_object_or_404(RegistrySync.objects.select_related("enterprise__region__parent"), pk=pk)


def enterprise_by_id(pk: int) -> Enterprise:
    """Raises Http404."""
    return get_object_or_404(Enterprise, pk=pk)


def _waiting() -> QuerySet[RegistrySync]:
    """Answers of the night about which nobody has decided, and which no later answer has overtaken."""
    later = RegistrySync.objects.filter(enterprise=OuterRef("enterprise"), pk__gt=OuterRef("pk"))
    return RegistrySync.objects.filter(~Exists(later), asked_by__isnull=True, accepted_at__isnull=True)


def _of_the_gone() -> Q:
    return ~Q(status=EnterpriseStatus.EXISTING) & Q(enterprise__status=EnterpriseStatus.EXISTING)


def waiting_answers() -> list[RegistrySync]:
    """Those that say that an enterprise is gone come first."""
    rows = _waiting().select_related("enterprise__region__parent", "region__parent")
    gone = list(rows.filter(_of_the_gone()).order_by("asked_at", "pk")[:SHOWN])
    return gone + list(rows.exclude(_of_the_gone()).order_by("asked_at", "pk")[: SHOWN - len(gone)])


def _requests(now: datetime) -> QuerySet[RegistryCheck]:
    return RegistryCheck.objects.filter(requested_at__gt=now - REQUEST_LASTS).order_by("requested_at", "pk")


def open_requests(now: datetime) -> list[RegistryCheck]:
    return list(_requests(now)[:SHOWN])


def not_found() -> list[Enterprise]:
    """Enterprises of the register of whose code the business registry knows nothing, or another one; `outcome` says which."""
    checks = RegistryCheck.objects.filter(
        code=OuterRef("uscc"), outcome__in=[RegistryOutcome.UNKNOWN, RegistryOutcome.ANOTHER]
    )
    rows = Enterprise.objects.filter(Exists(checks), status=EnterpriseStatus.EXISTING)
    return list(rows.order_by("name", "pk")[:SHOWN])


def clerks_count(now: datetime) -> int:
    """Counts what only a clerk can settle: an enterprise that is gone, and codes whose holders wait."""
    return _waiting().filter(_of_the_gone()).count() + _requests(now).count()
