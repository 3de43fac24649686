"""Measures what an approval costs with the minute in which it can be taken back, and without it.

Made-up open cases become those of one kind at the province's desk. All is done in transactions that are taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.test import override_settings

from accounts.models import User
from certificates.enums import LegalState
from workflow.actors import Actor, actor_of
from workflow.enums import Action, Desk, Status
from workflow.models import Application, BulkAct
from workflow.services.acting import act_many
from workflow.services.bulk import decide_in_bulk, do_list
from workflow.services.undo import decide

from .measure import LOGINS
from .pages import PROVINCE
from .renaming import Step, measured

KIND = "cancellation"
SIZES = (1, 50, 1000)
"""Where there are fewer open cases, all are taken: one person in eleven has one."""
FILLED_IN = {"phone": "13800000000", "note": "", "commitment": True, "reason": "leaving"}
MINUTE = 60


def deciding(sizes: Collection[int] = ()) -> list[Step]:
    """Takes `SIZES` unless others are asked for. The first decision in a process fills its caches, and is not counted."""
    if not sizes:
        there = _open_cases().count()
        sizes = sorted({min(size, there) for size in SIZES})
    with override_settings(UNDO_SECONDS=MINUTE):
        _taken_back(1, _with_the_minute)
        return [step for size in sizes for work in (_at_once, _with_the_minute) for step in _taken_back(size, work)]


def _taken_back(size: int, work: Callable[[list[int], Actor], Iterator[Step]]) -> list[Step]:
    with transaction.atomic():
        steps = list(work(_cases(size), _decider()))
        transaction.set_rollback(True)
    return steps


def _open_cases() -> QuerySet[Application]:
    return Application.objects.filter(
        is_open=True, certificateitems__certificate__legal_state=LegalState.VALID, person__isnull=False
    )


def _cases(size: int) -> list[int]:
    decider = User.objects.get(login=LOGINS[PROVINCE])
    ids = list(_open_cases().order_by("pk").values_list("pk", flat=True)[:size])
    if len(ids) < size:
        raise RuntimeError(f"there are {len(ids)} open cases about valid certificates: generate more people")
    Application.objects.filter(pk__in=ids).update(
        kind=KIND, status=Status.IN_REVIEW, desk=Desk.PROVINCIAL, payload=FILLED_IN, assignee=None, stuck="",
        holder_office=decider.office_id, holder_person=None, holder_enterprise=None, former_enterprise=None,
    )  # fmt: skip
    return ids


def _decider() -> Actor:
    found = actor_of(User.objects.get(login=LOGINS[PROVINCE]))
    if found is None:
        raise RuntimeError("the made-up decider acts on no case")
    return found


def _at_once(ids: list[int], actor: Actor) -> Iterator[Step]:
    yield measured(f"{len(ids)} at once", lambda: _approve(ids, actor))


def _approve(ids: list[int], actor: Actor) -> None:
    result = act_many(ids, action=Action.APPROVE, actor=actor)
    if len(result.done) != len(ids):
        raise RuntimeError(f"{len(result.done)} of {len(ids)} were approved: {list(result.refused.values())[:1]}")


def _with_the_minute(ids: list[int], actor: Actor) -> Iterator[Step]:
    yield measured(f"{len(ids)} pressed", lambda: _press(ids, actor))
    key = BulkAct.objects.latest("started_at").pk
    yield measured(f"{len(ids)} a minute later", lambda: do_list(key))
    if Application.objects.filter(pk__in=ids, status=Status.APPROVED).count() != len(ids):
        raise RuntimeError("not all were approved")


def _press(ids: list[int], actor: Actor) -> None:
    if len(ids) == 1:
        decide(ids[0], action=Action.APPROVE, actor=actor, comment="", detail={}, seen=None, title="通过", back_url="/")
        return
    decide_in_bulk(
        uuid4(), ids, action=Action.APPROVE, comment="", seen={}, actor=actor, gone={}, title="通过", back_url="/"
    )
