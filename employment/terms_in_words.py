"""Writes posts and contracts of employments in words, also as a change from the present ones to proposed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from common.dates import chinese_date
from enterprises.enums import Post

Terms = Mapping[str, Any]
FORMER = "former"
"""Key of a payload under which the terms stand that counted when a change was proposed."""


def post_words(posts: Iterable[str]) -> str:
    return "、".join(Post(post).label for post in posts)


def contract_text(payload: Terms) -> str:
    starts, ends = payload.get("contract_from"), payload.get("contract_to")
    if not starts:
        return ""
    begins = chinese_date(date.fromisoformat(starts))
    return f"{begins} 至 {chinese_date(date.fromisoformat(ends))}" if ends else f"{begins}起，无固定期限"


def changed_to(payload: Terms, words: Callable[[Terms], str]) -> str:
    """Answers the words of the terms, with the former ones before them where they differ."""
    former = payload.get(FORMER)
    old, new = words(former) if former else "", words(payload)
    return f"{old} → {new}" if old and old != new else new


def side_by_side(payload: Terms) -> list[tuple[str, str, str]]:
    """Answers label, present and proposed words of posts and contract."""
    former = payload.get(FORMER) or {}
    return [
        ("职务", post_words(former.get("posts", [])), post_words(payload.get("posts", []))),
        ("合同期", contract_text(former), contract_text(payload)),
    ]


def changes_in_words(payload: Terms) -> list[tuple[str, str]]:
    return [(label, f"{old} → {new}" if old != new else f"{new}（不变）") for label, old, new in side_by_side(payload)]
