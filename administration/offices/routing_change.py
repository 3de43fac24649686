"""Changes who answers for which region; what is open goes with it in the same transaction, or the change is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audit
from administration.enums import RouteDesk
from administration.models import Office, Region
from common.findings import Cure, Finding, Refused

from .locks import lock_routing
from .selectors import Routing, widest
from .signals import routing_changed


@dataclass(frozen=True)
class ChangedBy:
    user_id: int | None
    name: str
    acting_for: str = ""


@dataclass(frozen=True)
class Moved:
    """So many open things of one sort went from one office to another, or stay with theirs (`target` is "")."""

    what: str
    source: str
    target: str
    count: int
    clocks: int = 0


@dataclass(frozen=True)
class RoutingChange:
    """`shown` are offices about which the reader wants to know what they hold, also where it stays."""

    before: Routing
    after: Routing
    by: ChangedBy
    shown: frozenset[int] = frozenset()

    @cached_property
    def inactive(self) -> frozenset[int]:
        return frozenset(Office.objects.filter(is_active=False).values_list("pk", flat=True))

    @cached_property
    def losing(self) -> frozenset[int]:
        """Answers the offices whose open work may have to move."""
        keys = {*self.before.keys(), *self.after.keys()}
        was = {self.before.office(region, desk) for region, desk in keys if self._differs(region, desk)}
        return self.inactive | {office.pk for office in was if office is not None}

    def _differs(self, region: str, desk: str) -> bool:
        was, now = self.before.office(region, desk), self.after.office(region, desk)
        return (was and was.pk) != (now and now.pk)

    def follows(self, region: str, desk: str, holder_id: int) -> bool:
        """Answers whether work of this office moves: what was given to it otherwise than by the routing stays."""
        was, now = self.before.office(region, desk), self.after.office(region, desk)
        if now is not None and now.pk == holder_id:
            return False
        return holder_id in self.inactive or (self._differs(region, desk) and was is not None and was.pk == holder_id)

    def target(self, region: str, desk: str) -> Office:
        office = self.after.office(region, desk)
        if office is None:
            raise Refused(_gap(Region.objects.get(pk=region), RouteDesk(desk)))
        return office


class AskFirst(Exception):
    """Rolls the change back until somebody has seen what it moves."""

    def __init__(self, moved: Sequence[Moved]) -> None:
        self.moved = moved
        super().__init__("open work would move")

    @property
    def seen(self) -> str:
        return seen_of(self.moved)


def seen_of(moved: Sequence[Moved]) -> str:
    """Numbers are left out, because cases come and go while somebody reads the question."""
    lines = sorted(f"{one.what}|{one.source}|{one.target}" for one in moved)
    return sha256("\n".join(lines).encode()).hexdigest()[:32]


@dataclass
class Outcome:
    moved: list[Moved] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)


@contextmanager
def routing_change(*, by: ChangedBy, seen: str | None = None, now: datetime | None = None) -> Iterator[Outcome]:
    """The block writes offices and routes. `seen` is what the reader has been shown (`seen_of`); None asks nobody."""
    with transaction.atomic():
        lock_routing()
        before, outcome = Routing(), Outcome()
        yield outcome
        change = RoutingChange(before, Routing(), by, frozenset(outcome.shown))
        if gaps := list(_gaps(change)):
            raise Refused(*gaps)
        answers: list[tuple[Any, Any]] = routing_changed.send(sender=Office, change=change, now=now or utc_now())
        outcome.moved = [moved for _, answer in answers for moved in answer]
        if seen is not None and outcome.moved and seen != seen_of(outcome.moved):
            raise AskFirst(outcome.moved)
        _audit(outcome.moved, by)


def _gaps(change: RoutingChange) -> Iterator[Finding]:
    """Names the widest regions only."""

    def is_lost(region: str, desk: RouteDesk) -> bool:
        return change.before.office(region, desk) is not None and change.after.office(region, desk) is None

    return (_gap(one.region, one.desk) for one in widest(is_lost))


def _gap(region: Region, desk: RouteDesk) -> Finding:
    return Finding(
        "office.gap",
        f"{region.name}的“{desk.label}”将没有办理部门",
        "那里的办件会停住，没有人能办。请先在“受理范围”中把它改由另一个启用的部门负责，再作这一更改。",
        turn="登记台账人员",
        cure=Cure("受理范围", url_name="admin:administration_officeroute_changelist"),
    )


def _audit(moved: Sequence[Moved], by: ChangedBy) -> None:
    lines = [
        {"what": one.what, "from": one.source, "to": one.target, "count": one.count} for one in moved if one.target
    ]
    if lines:
        record_audit(
            action="routing_moved",
            actor_id=by.user_id,
            actor_name=by.name,
            object_type="administration.officeroute",
            detail={"moved": lines},
        )
