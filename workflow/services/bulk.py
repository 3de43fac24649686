"""Acts on several applications at once and remembers the result of each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from common.findings import Finding
from common.jobs import enqueue

from ..actors import Actor, actor_of
from ..enums import Action
from ..models import Application, BulkAct, HeldDecision
from .acting import ActResult, act_many
from .auditing import author_of
from .undo import begin, wait_for_effect

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)


def act_in_bulk(
    key: UUID,
    ids: Sequence[int],
    *,
    do: Callable[..., ActResult],
    actor: Actor,
    gone: Mapping[int, list[Finding]],
    title: str,
    back_url: str,
) -> BulkAct | None:
    """Acts once for each key and keeps what became of each application; None where the key is another login's.

    `do` takes the ids and `tell`, as `acting.act_many` does. Results are written in the transaction of their effects.
    If a later round fails, those before it stand, and the rest has no result: the page says so instead of claiming
    that nothing happened.
    """
    if actor.user_id is None:
        raise ValueError("the system keeps no results for itself")
    kept: dict[str, Any] = {"user_id": actor.user_id, "title": title, "back_url": back_url, "picked": [*ids, *gone]}
    kept["outcomes"] = _as_json(ActResult(refused=dict(gone)))
    bulk, is_new = BulkAct.objects.get_or_create(pk=key, defaults=kept)
    if bulk.user_id != actor.user_id:
        return None
    if is_new:
        tell = partial(_remember, key)
        try:
            result = do(ids, tell=tell)
            _remember(key, result, finished_at=utc_now())
        except Exception:
            logger.exception("an act on %d applications ended before its end", len(ids))
    return bulk


# --- a whole list, by a job ---

SLICE = 50
"""The unit is applications that are done before progress is told."""
NO_LOGIN = Finding(
    "workflow.no_login", "提交这一批的账号已停用", "没有办理，请由在职的人员重新选择办理。", turn="审核人"
)


@transaction.atomic
def ask_about_list(
    ids: Sequence[int],
    *,
    action: Action,
    comment: str,
    seen: Mapping[int, int],
    actor: Actor,
    title: str,
    back_url: str,
) -> UUID:
    """Keeps what is asked about, so that the answer names it by a key; nothing is done yet."""
    if actor.user_id is None:
        raise ValueError("the system asks nobody")
    bulk = BulkAct.objects.create(
        key=uuid4(),
        user_id=actor.user_id,
        title=title,
        back_url=back_url,
        picked=list(ids),
        action=action.value,
        comment=comment,
        seen={str(pk): event for pk, event in seen.items()},
        ordered_at=None,
    )
    return bulk.key


@transaction.atomic
def order_list(key: UUID, *, actor: Actor) -> BulkAct | None:
    """Lets a job do what was asked about; None where the key is another login's. Ordered twice it is done once."""
    bulk = BulkAct.objects.select_for_update().filter(pk=key, user_id=actor.user_id or 0).first()
    if bulk is not None and bulk.ordered_at is None:
        _order(bulk)
        detail: dict[str, object] = {"count": len(bulk.picked), "result": bulk.action}
        record_audits("application.order_list", [(BulkAct._meta.label_lower, key, detail)], by=author_of(actor))
    return bulk


def _order(bulk: BulkAct) -> None:
    now = utc_now()
    if settings.UNDO_SECONDS:
        _remember(bulk.pk, ActResult(refused=wait_for_effect(bulk, now=now)))
        return
    bulk.ordered_at = now
    bulk.save(update_fields=["ordered_at"])
    enqueue("workflow.do_bulk_act", key=str(bulk.pk))


@transaction.atomic
def decide_in_bulk(
    key: UUID,
    ids: Sequence[int],
    *,
    action: Action,
    comment: str,
    seen: Mapping[int, int],
    actor: Actor,
    gone: Mapping[int, list[Finding]],
    title: str,
    back_url: str,
) -> BulkAct | None:
    """Lets the job decide after the minute in which it can be taken back; None where the key is another login's."""
    kept: dict[str, Any] = {"user_id": actor.user_id, "title": title, "back_url": back_url, "picked": [*ids, *gone]}
    kept |= {"action": action.value, "comment": comment, "seen": {str(pk): event for pk, event in seen.items()}}
    kept["outcomes"] = _as_json(ActResult(refused=dict(gone)))
    bulk, is_new = BulkAct.objects.get_or_create(pk=key, defaults=kept)
    if bulk.user_id != actor.user_id:
        return None
    if is_new:
        _order(bulk)
    return bulk


def do_list(key: UUID) -> None:
    """Goes on where an earlier run was killed: what has a result is not done again. A decision counts from its order."""
    if not begin(key, now=utc_now()):
        return
    bulk = BulkAct.objects.select_related("user__office").get(pk=key)
    actor = actor_of(bulk.user)
    seen = {int(pk): event for pk, event in bulk.seen.items()}
    waiting = [pk for pk in bulk.picked if str(pk) not in bulk.outcomes]
    for start in range(0, len(waiting), SLICE):
        ids = waiting[start : start + SLICE]
        if actor is None:
            _remember(key, ActResult(refused={pk: [NO_LOGIN] for pk in ids}))
            continue
        result = act_many(
            ids,
            action=Action(bulk.action),
            actor=actor,
            comment=bulk.comment,
            detail=bulk.detail,
            seen=seen,
            tell=partial(_remember, key),
            now=bulk.ordered_at if bulk.takes_effect_at else None,
        )
        _remember(key, result)
    _finish(key)


@transaction.atomic
def _finish(key: UUID) -> None:
    bulk = BulkAct.objects.select_for_update(of=("self",)).select_related("user__office").get(pk=key)
    if bulk.finished_at is not None:
        return
    bulk.finished_at = utc_now()
    bulk.save(update_fields=["finished_at"])
    HeldDecision.objects.filter(act=bulk).delete()
    done = sum(1 for findings in bulk.outcomes.values() if not findings)
    if len(bulk.picked) == 1 and bulk.takes_effect_at:
        if not done:
            _tell_not_effective(bulk)
        return
    body = f"共 {len(bulk.picked)} 件，已办理 {done} 件，未办理 {len(bulk.picked) - done} 件。"
    link = reverse("workflow:bulk_result", args=[key])
    # Members of an office read one mailbox.
    mailbox = bulk.user.office.mailbox_id if bulk.user.office else None
    send([OutgoingMessage(mailbox, f"{bulk.user.name}的批量办理已完成：{bulk.title}", body, link, event="office_work")])


def _tell_not_effective(bulk: BulkAct) -> None:
    """Somebody else was faster within the minute, or a condition has changed."""
    number = Application.objects.values_list("number", flat=True).get(pk=bulk.picked[0])
    findings = [Finding.from_json(one) for one in bulk.outcomes[str(bulk.picked[0])]]
    body = "；".join(" ".join(filter(None, [one.message, one.detail])) for one in findings)
    mailbox = bulk.user.office.mailbox_id if bulk.user.office else None
    title = f"{bulk.user.name}的决定没有生效：{number} {bulk.title}"
    send([OutgoingMessage(mailbox, title, body, reverse("workflow:review", args=[number]), event="office_work")])


@transaction.atomic
def _remember(key: UUID, result: ActResult, finished_at: datetime | None = None) -> None:
    bulk = BulkAct.objects.select_for_update().get(pk=key)
    bulk.outcomes |= _as_json(result)
    bulk.finished_at = finished_at
    bulk.save(update_fields=["outcomes", "finished_at"])
    HeldDecision.objects.filter(act=bulk, application__in=[*result.done, *result.refused]).delete()


def _as_json(result: ActResult) -> dict[str, list[dict[str, object]]]:
    refused = {str(pk): [finding.as_json() for finding in findings] for pk, findings in result.refused.items()}
    return {str(pk): [] for pk in result.done} | refused


def forget_old_bulk_acts(*, now: datetime | None = None) -> int:
    old = BulkAct.objects.filter(started_at__lt=(now or utc_now()) - KEPT_FOR)
    HeldDecision.objects.filter(act__in=old).delete()
    return old.delete()[0]
