"""Keeps the history of results: what an entry had before and after, who wrote it, when and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.database.set_inserts import insert_rows
from exams.enums import EntryState
from exams.models import ExamEntry, ResultChange


@dataclass(frozen=True)
class Standing:
    """Holds what an entry has as its result, to be compared and kept."""

    state: str
    knowledge: Decimal | None
    ability: Decimal | None
    remark: str

    @classmethod
    def of(cls, entry: ExamEntry) -> Standing:
        return cls(entry.state, entry.knowledge_score, entry.ability_score, entry.remark)

    @property
    def scores(self) -> str:
        """Says a whole score without a decimal, as files and people do."""
        parts = [("知识考核", self.knowledge), ("能力考核", self.ability)]
        return "，".join(f"{title} {Decimal(score).normalize():f}" for title, score in parts if score is not None)

    @property
    def words(self) -> str:
        label = "没有成绩" if self.state == EntryState.APPROVED else EntryState(self.state).label
        return "，".join(filter(None, [label, self.scores]))


@dataclass(frozen=True)
class Changed:
    entry: ExamEntry
    former: Standing
    reason: str = ""


def keep_changes(
    changes: Iterable[Changed], *, by_user_id: int | None, at: datetime, import_run_id: int | None = None
) -> None:
    """Writes a line for each entry whose result differs now; a changed ticket number alone is none."""
    insert_rows(
        _line(one, {"changed_by_id": by_user_id, "changed_at": at, "import_run_id": import_run_id})
        for one in changes
        if Standing.of(one.entry) != one.former
    )


def _line(one: Changed, written: dict[str, Any]) -> ResultChange:
    """An entry whose batch is called off has no result any more, as one that waits for it."""
    entry, former = one.entry, one.former
    return ResultChange(
        entry_id=entry.pk,
        former_state=former.state,
        former_knowledge=former.knowledge,
        former_ability=former.ability,
        former_remark=former.remark,
        state=EntryState.APPROVED if entry.state == EntryState.CALLED_OFF else entry.state,
        knowledge=entry.knowledge_score,
        ability=entry.ability_score,
        remark=entry.remark,
        reason=one.reason,
        **written,
    )
