"""Writes the reasons that reviewers tick. A reason is never changed: it is retired, and another one is added."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now as utc_now

from accounts.enums import Duty
from administration.audit.services import record_audits
from common.database.constraints import refused_by_constraints
from common.findings import Finding, Refused

from ..actors import Actor
from ..models import DecisionReason
from .auditing import author_of


def add_reason(
    *, kind: str, action: str, words: str, basis: str, actor: Actor, now: datetime | None = None
) -> DecisionReason:
    """Raises Refused where the actor may not, or the business has this reason already."""
    _authorise(actor)
    with refused_by_constraints("reason.twice", "需要改文字的，先停用原来的一条。"):
        reason = DecisionReason.objects.create(
            kind=kind,
            action=action,
            words=words.strip(),
            basis=basis.strip(),
            added_by_id=actor.user_id,
            added_at=now or utc_now(),
        )
        _audit("reason.add", reason, actor)
    return reason


@transaction.atomic
def retire_reason(reason_id: int, *, actor: Actor, now: datetime | None = None) -> DecisionReason:
    """Reviewers can no longer tick it; notices that name it stay as they are."""
    _authorise(actor)
    reason = DecisionReason.objects.select_for_update().get(pk=reason_id)
    if reason.retired_at is not None:
        raise Refused(Finding("reason.retired", "这条原因已经停用", "不需要再办。"))
    reason.retired_at = now or utc_now()
    reason.save(update_fields=["retired_at"])
    _audit("reason.retire", reason, actor)
    return reason


def _authorise(actor: Actor) -> None:
    if Duty.DECIDE not in actor.duties:
        raise Refused(Finding("reason.not_yours", "常用原因由省厅审核维护，您的账号没有这一职责。"))


def _audit(action: str, reason: DecisionReason, actor: Actor) -> None:
    detail: dict[str, object] = {
        "kind": reason.kind,
        "decision": reason.action,
        "words": reason.words,
        "acting_for": actor.acting_for,
    }
    record_audits(action, [(DecisionReason._meta.label_lower, reason.pk, detail)], by=author_of(actor))
