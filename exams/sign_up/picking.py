"""Keeps whom a clerk has ticked for a category of a batch, over pages, filters and logins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.timezone import now as utc_now

from common.findings import Finding, Refused
from exams.models import CandidateList

MOST_PICKED = 500
"""So many people are signed up in one submission."""


def list_of(batch_id: int, user_id: int, category: str) -> CandidateList:
    """Answers an unsaved list where the clerk has ticked nobody."""
    known = CandidateList.objects.filter(batch=batch_id, user=user_id, category=category).first()
    return known or CandidateList(batch_id=batch_id, user_id=user_id, category=category)


def picks_in(kept: CandidateList) -> dict[int, str]:
    return {int(person_id): post for person_id, post in kept.picked.items()}


@transaction.atomic
def keep_picks(kept: CandidateList, *, picked: Mapping[int, str], shown: Collection[int]) -> CandidateList:
    """The ticks of the people on the page replace what was kept of them; others stay. Raises Refused beyond
    `MOST_PICKED`, and then keeps what was kept before.
    """
    row = locked_list(kept)
    picks = {pk: post for pk, post in picks_in(row).items() if pk not in shown} | dict(picked)
    if len(picks) > MOST_PICKED:
        detail = f"勾选的共有 {len(picks)} 人。请分几次报名，这一次的勾选没有记下。"
        raise Refused(Finding("exam.too_many", f"一次最多为 {MOST_PICKED} 人报名", detail, turn="企业"))
    row.picked = {str(pk): post for pk, post in picks.items()}
    row.updated_at = utc_now()
    row.save(update_fields=["picked", "updated_at"])
    return row


def locked_list(kept: CandidateList) -> CandidateList:
    """Two tabs of one clerk keep both of their ticks."""
    key: dict[str, Any] = {"batch_id": kept.batch_id, "user_id": kept.user_id, "category": kept.category}
    CandidateList.objects.get_or_create(**key)
    return CandidateList.objects.select_for_update(no_key=True).get(**key)


def clear_picks(kept: CandidateList) -> None:
    rows = CandidateList.objects.filter(batch=kept.batch_id, user=kept.user_id, category=kept.category)
    rows.update(picked={}, updated_at=utc_now())


def forget_lists(*, today: date) -> int:
    """Deletes the lists of batches whose sign-up is over. Answers how many there were."""
    return CandidateList.objects.filter(batch__sign_up_to__lt=today).delete()[0]
