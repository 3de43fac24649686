"""Reads posts by their names as clerks write them."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from common.text.chinese import half_width, without_blanks
from enterprises.enums import Post

_BETWEEN = re.compile(r"[、/,，;；+&\s]+")
_ALSO = {
    "法人": Post.LEGAL_REPRESENTATIVE,
    "法人代表": Post.LEGAL_REPRESENTATIVE,
    "企业法定代表人": Post.LEGAL_REPRESENTATIVE,
    "总经理": Post.GENERAL_MANAGER,
    "总裁": Post.GENERAL_MANAGER,
    "安全副总": Post.SAFETY_DEPUTY,
    "安全副总经理": Post.SAFETY_DEPUTY,
    "生产副总": Post.PRODUCTION_DEPUTY,
    "生产副总经理": Post.PRODUCTION_DEPUTY,
    "项目经理": Post.PROJECT_MANAGER,
    "安全员": Post.SAFETY_OFFICER,
    "专职安全员": Post.SAFETY_OFFICER,
    "专职安全管理人员": Post.SAFETY_OFFICER,
}
_KNOWN = {half_width(str(post.label)): post for post in Post} | _ALSO | {post.value: post for post in Post}


def _parts(words: str) -> list[str]:
    return [without_blanks(part) for part in _BETWEEN.split(half_width(words)) if part.strip()]


def posts_in(words: str) -> bool:
    """Answers whether all of the words name posts; a code alone says nothing by itself."""
    parts = _parts(words)
    return bool(parts) and all(part in _KNOWN and not part.isdigit() for part in parts)


def posts_of_words(words: str) -> tuple[str, ...]:
    """Raises ValidationError with the names that are known."""
    unknown = [part for part in _parts(words) if part not in _KNOWN]
    if unknown:
        names = "、".join(str(post.label) for post in Post)
        raise ValidationError(f"认不出“{unknown[0][:20]}”，请写：{names}。", code="post")
    return tuple(dict.fromkeys(_KNOWN[part].value for part in _parts(words)))
