"""Reads corrections of the register of persons for the clerks who may settle them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Person, RegisterCorrection, User
from administration.enums import OfficeKind

PARTS = ("person__user", "other__user", "undoes", "office", "requested_by", "settled_by")


def _in_reach(user: User) -> Q:
    """Answers the corrections of the clerk's own office and of the other offices of the same city."""
    if user.office is None:
        return Q(pk__in=[])
    if user.office.kind == OfficeKind.PROVINCIAL:
        return Q()
    return Q(office=user.office) | Q(office__region__code__startswith=user.office.region_id[:4])


def waiting_corrections(user: User, *, limit: int) -> list[RegisterCorrection]:
    return list(_visible(user).filter(outcome="").order_by("pk")[:limit])


def waiting_count(user: User) -> int:
    return RegisterCorrection.objects.filter(_in_reach(user), outcome="").count()


def correction_for(user: User, pk: int) -> RegisterCorrection | None:
    return _visible(user).filter(pk=pk).first()


def _visible(user: User) -> QuerySet[RegisterCorrection]:
    return RegisterCorrection.objects.select_related(*PARTS).filter(_in_reach(user))


def open_correction(person: Person) -> RegisterCorrection | None:
    return open_cases_of(person).select_related(*PARTS).first()


def open_cases_of(*people: Person) -> QuerySet[RegisterCorrection]:
    concern = Q(person__in=people) | Q(other__in=people)
    return RegisterCorrection.objects.filter(concern, outcome="").order_by("pk")
