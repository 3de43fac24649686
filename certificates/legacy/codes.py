"""Translates the words of old records into the national codes."""

from __future__ import annotations

from datetime import date

from certificates.enums import Category, LegalState, Operation
from common.text.chinese import half_width, without_blanks
from enterprises.enums import Post

_STATES = {
    LegalState.VALID: ("有效", "正常", "正常使用", "在用"),
    LegalState.SUSPENDED: ("暂扣",),
    LegalState.REVOKED: ("撤销",),
    LegalState.CANCELLED: ("注销",),
    LegalState.EXPIRED: ("失效", "过期", "过期失效", "无效"),
    LegalState.TRANSFERRING: ("办理转出", "转出", "跨省调出"),
    LegalState.WITHDRAWN: ("吊销",),
}
_STATE_OF = {word: state for state, words in _STATES.items() for word in (*words, state.value)}
_OPERATIONS = {
    LegalState.SUSPENDED: Operation.SUSPENSION,
    LegalState.CANCELLED: Operation.CANCELLATION,
    LegalState.EXPIRED: Operation.EXPIRY,
}
_POSTS = (
    ("法定代表人", Post.LEGAL_REPRESENTATIVE),
    ("法人", Post.LEGAL_REPRESENTATIVE),
    ("安全总监", Post.SAFETY_DIRECTOR),
    ("技术负责人", Post.TECHNICAL_LEAD),
    ("总工", Post.TECHNICAL_LEAD),
    ("安全副", Post.SAFETY_DEPUTY),
    ("分管安全", Post.SAFETY_DEPUTY),
    ("生产副", Post.PRODUCTION_DEPUTY),
    ("分管生产", Post.PRODUCTION_DEPUTY),
    # A deputy whose field is not named has none of these posts.
    ("副总", Post.OTHER),
    ("总经理", Post.GENERAL_MANAGER),
    ("总裁", Post.GENERAL_MANAGER),
)


def legal_state_of(word: str, *, ends_on: date, today: date) -> LegalState | None:
    """Answers None for an unknown word. A blank is judged by the end date."""
    plain = without_blanks(half_width(word)).removeprefix("已").removeprefix("被")
    if not plain:
        return LegalState.VALID if ends_on >= today else LegalState.EXPIRED
    return _STATE_OF.get(plain)


def operation_of(state: LegalState) -> Operation:
    return _OPERATIONS.get(state, Operation.OTHER)


def post_of(category: str, word: str) -> Post:
    """B and C have one post each."""
    if category == Category.B:
        return Post.PROJECT_MANAGER
    if category != Category.A:
        return Post.SAFETY_OFFICER
    plain = without_blanks(word)
    by_code = next((post for post in Post if post.value == plain), Post.OTHER)
    if by_code in (Post.PROJECT_MANAGER, Post.SAFETY_OFFICER):
        return Post.OTHER
    return next((post for part, post in _POSTS if part in plain), by_code)
