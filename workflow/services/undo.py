"""A decision of an office takes effect after a minute, and can be taken back until then (docs/adr/0027)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from common.findings import Finding, Refused
from common.jobs import enqueue
from workflow.selectors.held import held_among, held_finding

from ..actors import Actor
from ..enums import Action
from ..models import Application, BulkAct, HeldDecision
from .acting import act, act_many
from .auditing import author_of
from .case_use import end_use
from .locking import lock_rows

HIDDEN_FOR = timedelta(minutes=10)
"""A case whose decision has not taken effect so long after its minute is in the queue again."""


def decide(
    application_id: int,
    *,
    action: Action,
    actor: Actor,
    comment: str,
    detail: dict[str, Any],
    seen: int | None,
    title: str,
    back_url: str,
) -> BulkAct | None:
    """Raises `Refused` with every reason that stands against the decision now. Answers None where it took effect at once."""
    if not settings.UNDO_SECONDS:
        act(application_id, action=action, actor=actor, comment=comment, detail=detail, seen=seen)
        return None
    if actor.user_id is None:
        raise ValueError("the system takes nothing back")
    known = {application_id: seen} if seen else {}
    with transaction.atomic():
        # The rehearsal finds what the decision itself would find, and leaves nothing behind.
        result = act_many([application_id], action=action, actor=actor, comment=comment, detail=detail, seen=known)
        if result.done:
            transaction.set_rollback(True)
    if result.refused:
        raise Refused(*result.refused[application_id])
    with transaction.atomic():
        bulk = BulkAct.objects.create(
            key=uuid4(),
            user_id=actor.user_id,
            title=title,
            back_url=back_url,
            picked=[application_id],
            action=action.value,
            comment=comment,
            detail=detail,
            seen={str(pk): event for pk, event in known.items()},
        )
        if refused := wait_for_effect(bulk, now=utc_now()):
            raise Refused(*refused[application_id])
    return bulk


def wait_for_effect(bulk: BulkAct, *, now: datetime) -> dict[int, list[Finding]]:
    """Orders the job of a decision for the end of its minute; answers the cases on which another decision waits already.

    The caller's transaction has made or locked the row of the act. Nobody's own use of a case lasts longer than this.
    """
    pause = timedelta(seconds=settings.UNDO_SECONDS)
    bulk.ordered_at, bulk.takes_effect_at = now, now + pause
    bulk.save(update_fields=["ordered_at", "takes_effect_at"])
    waiting = [pk for pk in bulk.picked if str(pk) not in bulk.outcomes]
    # Of two who decide at once the second waits here, and finds the first one's row.
    lock_rows(Application, waiting, only=["pk"])
    HeldDecision.objects.filter(application__in=waiting, until__lte=now).delete()
    others = held_among(waiting, now=now)
    free = [pk for pk in waiting if pk not in others]
    until = bulk.takes_effect_at + HIDDEN_FOR
    rows = [HeldDecision(application_id=pk, act=bulk, until=until) for pk in free]
    HeldDecision.objects.bulk_create(rows, ignore_conflicts=True)
    end_use(free)
    enqueue("workflow.do_bulk_act", key=str(bulk.pk), schedule_in=pause)
    return {pk: [held_finding(held)] for pk, held in others.items()}


@transaction.atomic
def take_back(key: UUID, *, actor: Actor, now: datetime | None = None) -> BulkAct | None:
    """Answers None where the key is another login's. Raises `Refused` once the decision has taken effect; twice is like once.

    The job and this lock the same row, so that of the two only the first counts.
    """
    bulk = BulkAct.objects.select_for_update().filter(pk=key, user_id=actor.user_id or 0).first()
    if bulk is None or bulk.takes_effect_at is None or bulk.taken_back_at is not None:
        return bulk
    if bulk.begun_at is not None:
        raise Refused(_too_late())
    bulk.taken_back_at = bulk.finished_at = now or utc_now()
    bulk.save(update_fields=["taken_back_at", "finished_at"])
    HeldDecision.objects.filter(act=bulk).delete()
    detail: dict[str, object] = {"count": len(bulk.picked), "result": bulk.action}
    about = _audited(bulk.picked, detail) if len(bulk.picked) == 1 else [(BulkAct._meta.label_lower, key, detail)]
    record_audits("application.undo", about, by=author_of(actor))
    return bulk


def _audited(picked: Sequence[int], detail: dict[str, object]) -> list[tuple[str, object, dict[str, object]]]:
    rows = Application.objects.filter(pk__in=picked).values_list("pk", "number")
    return [(Application._meta.label_lower, pk, detail | {"number": number}) for pk, number in rows]


def _too_late() -> Finding:
    said = "不能再撤销：文书和消息已经发出。确有错误的，请按“依职权处理”或者由申请人重新申请。"
    return Finding("undo.too_late", "这一决定已经生效", said)


@transaction.atomic
def begin(key: UUID, *, now: datetime) -> bool:
    """Answers False where the decision was taken back; a run that goes on after a killed one begins again."""
    bulk = BulkAct.objects.select_for_update().get(pk=key)
    if bulk.taken_back_at is not None:
        return False
    if bulk.begun_at is None:
        bulk.begun_at = now
        bulk.save(update_fields=["begun_at"])
    return True
