"""Acts on several applications at once and remembers the result of each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now as utc_now

from common.findings import Finding

from ..actors import Actor
from ..models import BulkAct
from .acting import ActResult

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


@transaction.atomic
def _remember(key: UUID, result: ActResult, finished_at: datetime | None = None) -> None:
    bulk = BulkAct.objects.select_for_update().get(pk=key)
    bulk.outcomes |= _as_json(result)
    bulk.finished_at = finished_at
    bulk.save(update_fields=["outcomes", "finished_at"])


def _as_json(result: ActResult) -> dict[str, list[dict[str, object]]]:
    refused = {str(pk): [finding.as_json() for finding in findings] for pk, findings in result.refused.items()}
    return {str(pk): [] for pk in result.done} | refused


def forget_old_bulk_acts(*, now: datetime | None = None) -> int:
    return BulkAct.objects.filter(started_at__lt=(now or utc_now()) - KEPT_FOR).delete()[0]
