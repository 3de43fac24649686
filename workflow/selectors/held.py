"""Reads which decisions have not taken effect yet and can still be taken back (docs/adr/0027)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.timezone import now as utc_now

from common.findings import Finding

from ..actors import Actor
from ..enums import Action
from ..models import Application, BulkAct, HeldDecision


@dataclass(frozen=True)
class Undoable:
    """The last decision of a member of an office, while it can be taken back; `seconds` are left."""

    act: BulkAct
    seconds: int

    @property
    def until(self) -> str:
        return clock_with_seconds(self.act.takes_effect_at)


def clock_with_seconds(moment: datetime | None) -> str:
    return f"{localtime(moment):%H:%M:%S}" if moment else ""


def undoable_of(actor: Actor, *, now: datetime | None = None) -> Undoable | None:
    """Answers the latest of the actor's decisions that have not taken effect; one query."""
    now = now or utc_now()
    waiting = BulkAct.objects.filter(
        user=actor.user_id or 0, takes_effect_at__gt=now, begun_at__isnull=True, taken_back_at__isnull=True
    )
    act = waiting.order_by("-takes_effect_at").first()
    return Undoable(act, _seconds_left(act, now)) if act else None


def seconds_left(act: BulkAct, *, now: datetime | None = None) -> int:
    """Answers 0 where the decision has taken effect, was taken back, or never waits."""
    if act.begun_at is not None or act.taken_back_at is not None or act.takes_effect_at is None:
        return 0
    return _seconds_left(act, now or utc_now())


def _seconds_left(act: BulkAct, now: datetime) -> int:
    return max(int((act.takes_effect_at - now).total_seconds()), 0) if act.takes_effect_at else 0


def held_among(ids: Collection[int], *, now: datetime | None = None) -> dict[int, HeldDecision]:
    """Maps a case to the decision that waits to take effect. A decision whose job has begun is no longer one of them."""
    rows = HeldDecision.objects.filter(application__in=ids, until__gt=now or utc_now(), act__begun_at__isnull=True)
    return {row.application_id: row for row in rows.select_related("act__user")}


def held_finding(held: HeldDecision) -> Finding:
    act = held.act
    word = "通过" if act.action == Action.APPROVE else Action(act.action).label
    return Finding(
        "workflow.held",
        f"{act.user.name}刚刚对这一件作出“{word}”的决定，{clock_with_seconds(act.takes_effect_at)} 生效",
        f"没有办理。要改的，请{act.user.name}在生效前撤销。",
        turn=act.user.name,
    )


def taken_back_in_words(act: BulkAct) -> str:
    """Repeats what was typed, which the page of the case does not show again."""
    if len(act.picked) > 1:
        return f"已撤销：{act.title} {len(act.picked)} 件，都没有办理，仍在待办。"
    number = Application.objects.values_list("number", flat=True).get(pk=act.picked[0])
    comment = f"您写的意见：{act.comment}" if act.comment else ""
    return f"已撤销：{number} {act.title}，没有办理，仍在您的待办。{comment}"
