"""Says which right a POST of an operator needs; the access decorators ask at every one, so that no page forgets.

An enterprise gives its operators different rights. Views of operators that only read by POST, that confirm or that
manage operators say so by `post_needs`; every other POST is business of the enterprise and needs `Right.FILE`. Which
rights a login has is answered by what the app of enterprises registers in `RIGHT_RULES`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import TextChoices
from django.http import HttpRequest

from accounts.enums import Sphere
from accounts.models import User
from common.findings import Finding
from common.registry import Registry

V = TypeVar("V", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Right(TextChoices):
    """Names what operators of one enterprise may do. `READ` is everybody's: looking, exporting, own settings."""

    READ = "read", "查看和导出"
    FILE = "file", "办理业务"
    CONFIRM = "confirm", "业务确认"
    MANAGE = "manage", "管理操作员"


RightRule = Callable[[User, Right], Finding | None]
RIGHT_RULES: Registry[RightRule] = Registry("rule about the rights of operators")
"""A rule answers why this operator lacks the right, who has it, or None."""


def post_needs(right: Right) -> Callable[[V], V]:
    """Stands right below the access decorator."""

    def mark(view: V) -> V:
        view.post_right = right  # type: ignore[attr-defined]
        return view

    return mark


def right_of_post(view: Callable[..., Any]) -> Right:
    right: Right = getattr(view, "post_right", Right.FILE)
    return right


def why_no_right(user: User, right: Right) -> Finding | None:
    """Answers the one refusal for an operator who lacks a right; other logins have no such rights."""
    if user.sphere != Sphere.OPERATOR or right == Right.READ:
        return None
    return next(filter(None, (rule(user, right) for rule in RIGHT_RULES)), None)


def why_no_post(request: HttpRequest, user: User, right: Right) -> Finding | None:
    return None if request.method in SAFE_METHODS else why_no_right(user, right)
