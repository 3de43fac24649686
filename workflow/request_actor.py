"""Finds the actor of a request once."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.access.sessions import is_verified
from accounts.credentials.reset_waits import is_confirmed
from accounts.models import User

from .actors import Actor, actor_of

_KEPT = "_workflow_actor"
_COUNTS = "_workflow_menu_counts"


def actor_or_none(request: HttpRequest) -> Actor | None:
    """Answers None for strangers and administrators. On the web nothing counts as a second verification."""
    if not hasattr(request, _KEPT):
        user = getattr(request, "user", None)
        setattr(request, _KEPT, actor_of(user, is_confirmed=is_confirmed(request)) if isinstance(user, User) else None)
    actor: Actor | None = getattr(request, _KEPT)
    return actor


def actor_for(request: HttpRequest) -> Actor:
    actor = actor_or_none(request)
    if actor is None:
        raise PermissionDenied("管理员不参与业务办理，请使用业务账号登录。")
    return actor


def phone_actor(request: HttpRequest) -> Actor:
    """Answers the actor for the phone pages, where the second verification of the session counts."""
    user = request.user
    actor = (
        actor_of(user, is_verified=is_verified(request), is_confirmed=is_confirmed(request))
        if isinstance(user, User)
        else None
    )
    if actor is None:
        raise PermissionDenied("请以个人身份登录。")
    return actor


def keep_menu_counts(request: HttpRequest, *, inbox: int, messages: int) -> None:
    """Serves pages that read what waits for their reader together with other things: the menu does not ask again."""
    setattr(request, _COUNTS, {"inbox": inbox, "messages": messages})


def kept_menu_count(request: HttpRequest, name: str) -> int | None:
    counts: dict[str, int] = getattr(request, _COUNTS, {})
    return counts.get(name)
