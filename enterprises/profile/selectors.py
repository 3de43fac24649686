from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from administration.models import AuditEntry
from enterprises.models import CaKey, Enterprise, EnterpriseName, Qualification

from .home_boxes import KEY_WARNING


@dataclass(frozen=True)
class KeyRow:
    key: CaKey
    state: str
    tone: str
    is_own: bool

    @property
    def may_be_blocked(self) -> bool:
        return self.key.blocked_at is None and not self.is_own


def keys_of(enterprise: Enterprise, own: CaKey, *, now: datetime) -> list[KeyRow]:
    """Usable ones first."""
    keys = CaKey.objects.filter(enterprise=enterprise).order_by("-valid_to", "pk")
    rows = [key_row(key, own, now=now) for key in keys]
    return sorted(rows, key=lambda row: (not row.is_own, row.tone == ""))


def key_row(key: CaKey, own: CaKey, *, now: datetime) -> KeyRow:
    return KeyRow(key, *_state(key, now), is_own=key.pk == own.pk)


SHOWN_LOGINS = 10


def logins_of(key: CaKey) -> list[AuditEntry]:
    """The operator's latest, with their addresses: a stranger's login is seen by colleagues."""
    entries = AuditEntry.objects.filter(actor_id=key.user_id, action="login").order_by("-at", "-id")
    return list(entries[:SHOWN_LOGINS])


def _state(key: CaKey, now: datetime) -> tuple[str, str]:
    if key.blocked_at is not None:
        return "已停用", ""
    if key.valid_to < now:
        return "已过期", ""
    if key.valid_to - now <= KEY_WARNING:
        return "即将到期", "warn"
    return "可以使用", "good"


def enterprises_by_name(names: Iterable[str]) -> dict[str, int]:
    """Present or former name → the only enterprise that bears or bore it; two queries."""
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
    """ID number index → registrations of that day with their enterprises; one query for any number of people."""
    rows = Qualification.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), id_number_index__in=id_number_indexes, is_in_force=True
    ).select_related("enterprise")
    found: dict[str, list[Qualification]] = defaultdict(list)
    for row in rows.filter(kind=kind) if kind else rows:
        found[row.id_number_index].append(row)
    return dict(found)
