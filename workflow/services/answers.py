"""Writes the questions and answers of the guides, and counts how often each was the reason of a notice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now as utc_now

from accounts.enums import Duty
from administration.audit.services import record_audits
from common.database.constraints import refused_by_constraints
from common.database.set_updates import update_rows
from common.findings import Finding, Refused

from ..actors import Actor
from ..enums import Action
from ..models import Event, HelpAnswer
from .auditing import author_of

COUNTED_DAYS = 365
CHUNK = 5000


def save_answer(
    answer_id: int | None,
    *,
    kind: str,
    question: str,
    answer: str,
    reason: str,
    actor: Actor,
    now: datetime | None = None,
) -> HelpAnswer:
    """Adds one, or changes it. Raises Refused where the actor may not, or the guide has this question already."""
    _authorise(actor)
    with refused_by_constraints("answer.twice", "请修改原来的一条。"):
        row = HelpAnswer() if answer_id is None else _locked(answer_id)
        if row.reason != reason.strip():
            row.number, row.counted_at = 0, None
        row.kind, row.question, row.answer, row.reason = kind, question.strip(), answer.strip(), reason.strip()
        row.changed_by_id, row.changed_at = actor.user_id, now or utc_now()
        row.save()
        _audit("answer.save", row, actor)
    return row


@transaction.atomic
def retire_answer(answer_id: int, *, actor: Actor, now: datetime | None = None) -> HelpAnswer:
    """The guides no longer show it."""
    _authorise(actor)
    row = _locked(answer_id)
    row.retired_at = now or utc_now()
    row.save(update_fields=["retired_at"])
    _audit("answer.retire", row, actor)
    return row


def _locked(answer_id: int) -> HelpAnswer:
    row = HelpAnswer.objects.select_for_update().get(pk=answer_id)
    if row.retired_at is not None:
        raise Refused(Finding("answer.retired", "这个问题已经停用", "不需要再办。"))
    return row


def _authorise(actor: Actor) -> None:
    if Duty.DECIDE not in actor.duties:
        raise Refused(Finding("answer.not_yours", "常见问题由省厅审核维护，您的账号没有这一职责。"))


def _audit(action: str, row: HelpAnswer, actor: Actor) -> None:
    detail: dict[str, object] = {"kind": row.kind, "question": row.question, "acting_for": actor.acting_for}
    record_audits(action, [(HelpAnswer._meta.label_lower, row.pk, detail)], by=author_of(actor))


# --- how often ---


def count_answers(*, now: datetime) -> int:
    """Answers how many notices it looked through: each return and rejection of the last twelve months, once."""
    rows = list(HelpAnswer.objects.filter(retired_at__isnull=True).exclude(reason="").order_by("pk"))
    by_kind: dict[str, list[HelpAnswer]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    counts: Counter[int] = Counter()
    looked = 0
    for kind, comment in _notices(now - timedelta(days=COUNTED_DAYS)):
        looked += 1
        counts.update(row.pk for row in (*by_kind[""], *by_kind.get(kind, ())) if row.reason in comment)
    for row in rows:
        row.number, row.counted_at = counts[row.pk], now
    update_rows(rows, ["number", "counted_at"])
    return looked


def _notices(since: datetime) -> Iterator[tuple[str, str]]:
    """Answers business and words of each notice, the latest first; ids follow the time."""
    for action in (Action.RETURN, Action.REJECT):
        events = Event.objects.filter(action=action).order_by("-id")
        last: int | None = None
        while True:
            rest = events if last is None else events.filter(pk__lt=last)
            chunk = list(rest.values_list("pk", "at", "application__kind", "comment")[:CHUNK])
            for _, at, kind, comment in chunk:
                if at >= since:
                    yield kind, comment
            if len(chunk) < CHUNK or chunk[-1][1] < since:
                break
            last = chunk[-1][0]
