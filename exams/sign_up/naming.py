"""Names the people of entries in messages: the first ones, and how many they are together."""

from __future__ import annotations

from collections.abc import Sequence

from exams.models import ExamEntry

NAMED = 20
"""A message names so many people, and counts the others."""
ENTRIES = "/enterprise/exams/entries/"
"""The enterprise's own entries, where each of them is found by name."""


def names_of(entries: Sequence[ExamEntry]) -> str:
    return listed([f"{one.person.name}（{one.category}证，{one.batch.name}）" for one in entries])


def listed(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 人" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more
