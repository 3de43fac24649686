"""Reads the register of enterprises and of the qualifications registered with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from enterprises.models import Enterprise, EnterpriseName, Qualification, RegistrySync


def enterprises_by_name(names: Iterable[str]) -> dict[str, int]:
    """Maps a present or former name to the only enterprise that bears or bore it, in two queries."""
    wanted = set(names)
    bearers: dict[str, set[int]] = defaultdict(set)
    for name, pk in Enterprise.objects.filter(name__in=wanted).values_list("name", "pk"):
        bearers[name].add(pk)
    for name, pk in EnterpriseName.objects.filter(name__in=wanted).values_list("name", "enterprise_id"):
        bearers[name].add(pk)
    return {name: next(iter(known)) for name, known in bearers.items() if len(known) == 1}


def qualifications_in_force(
    id_number_indexes: Collection[str], *, on: date, kind: str = ""
) -> dict[str, list[Qualification]]:
    """Maps an ID number index to the registrations of that day with their enterprises, in one query for any number of
    people.
    """
    rows = Qualification.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), id_number_index__in=id_number_indexes, is_in_force=True
    ).select_related("enterprise")
    found: dict[str, list[Qualification]] = defaultdict(list)
    for row in rows.filter(kind=kind) if kind else rows:
        found[row.id_number_index].append(row)
    return dict(found)


def names_of(enterprise: Enterprise) -> QuerySet[EnterpriseName]:
    """Answers the names that the enterprise bore, the oldest first."""
    return EnterpriseName.objects.filter(enterprise=enterprise).order_by("used_from", "pk")


def with_answers(enterprise_ids: Collection[int]) -> set[int]:
    """Names those of whom somebody has asked the business registry, or accepted an answer.

    An answer of the night that nobody has used is no record that holds an entry in the register.
    """
    rows = RegistrySync.objects.filter(enterprise__in=enterprise_ids)
    rows = rows.exclude(asked_by__isnull=True, accepted_at__isnull=True)
    return set(rows.values_list("enterprise_id", flat=True))
