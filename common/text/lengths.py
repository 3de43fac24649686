"""Refuses what is longer than its column, in one sentence for every table that is read."""

from __future__ import annotations

from django.core.exceptions import ValidationError


def up_to(length: int, word: str) -> str:
    if len(word) > length:
        raise ValidationError(f"内容过长，最多 {length} 个字。", code="length")
    return word
