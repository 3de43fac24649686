"""Text of requests that no form of Django has looked at."""

from __future__ import annotations


def typed(value: str, *, most: int) -> str:
    """Stripped and cut to `most` characters; without NUL, which PostgreSQL takes in no text and answers with an error."""
    return value.replace("\0", "").strip()[:most]
