"""Tells what happened to one entry, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exams.enums import RESULTS, EntryState, ReviewAct
from exams.models import EntryReview, ExamEntry

from .reasons import words_of

TONES = {ReviewAct.APPROVED: "good", ReviewAct.RETURNED: "warn", ReviewAct.REFUSED: "bad", ReviewAct.RESUBMITTED: ""}


def timeline_of(entry: ExamEntry, reviews: Sequence[EntryReview]) -> list[dict[str, Any]]:
    """Reviews before the record was kept are told from the entry itself."""
    events = [_of_review(one) for one in reviews]
    if not reviews and entry.reviewed_at is not None:
        events.append({"title": "审核", "at": entry.reviewed_at, "comment": entry.comment})
    if entry.state in RESULTS and entry.settled_at is not None:
        title = f"考试结果：{EntryState(entry.state).label}"
        events.insert(0, {"title": title, "at": entry.settled_at, "comment": entry.remark})
    return [*events, {"title": "企业报名", "at": entry.entered_at, "by": entry.enterprise.name}]


def _of_review(review: EntryReview) -> dict[str, Any]:
    who = " ".join(filter(None, (review.acting_for, review.by.name if review.by else "")))
    act = ReviewAct(review.act)
    comment = words_of(review.reasons, review.comment)
    return {"title": str(act.label), "at": review.at, "by": who, "comment": comment, "tone": TONES[act]}
