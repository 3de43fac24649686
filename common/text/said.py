"""Measures texts that people write: a line break counts once, and what is too long is refused, never cut."""

from __future__ import annotations

from common.findings import Finding

from .chinese import unified_lines


def said(text: str) -> str:
    """Answers the text as it is stored."""
    return unified_lines(text).strip()


def too_long(text: str, most: int, what: str) -> list[Finding]:
    """Answers what to tell where `text` has more than `most` characters; `what` names the field."""
    if len(text) <= most:
        return []
    words = f"{what}最多 {most} 字，现在 {len(text)} 字"
    return [Finding("text.too_long", words, "请缩短后再提交；已写的内容还在页面上。")]
