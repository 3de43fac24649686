"""Keeps the content of a form for the same user whose login expired while it was being filled in.

The content is encrypted and lies in the anonymous session that the browser gets instead, for half an hour. The signed
cookie of the last login tells to whom it belongs, so that the next person at a shared computer never sees it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from accounts.models import User
from common.web.sealed_session import SealedValue

KEPT_FOR = timedelta(minutes=30)
LARGEST = 200_000
_KEPT = SealedValue("kept_form", lifetime=KEPT_FOR)
_NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "password", "old_password", "new_password", "repeated_password"})


@dataclass(frozen=True)
class KeptForm:
    path: str
    fields: list[tuple[str, str]]
    files: list[str]


def keep(request: HttpRequest, user_id: int | None) -> bool:
    """Answers False if there is nothing to keep or nobody to keep it for."""
    if request.method != "POST" or user_id is None:
        return False
    fields = [
        (name, value) for name, values in request.POST.lists() if name not in _NEVER_KEPT for value in map(str, values)
    ]
    files = [str(file.name) for _, uploads in request.FILES.lists() for file in uploads]
    content = {
        "path": request.get_full_path(),
        "fields": fields,
        "files": files,
        "user": user_id,
    }
    if len(json.dumps(content)) > LARGEST or not (fields or files):
        return False
    _KEPT.put(request, content)
    return True


def kept_form(request: HttpRequest, user: User) -> KeptForm | None:
    """Answers what this user has left and may send; anything else that is kept is deleted."""
    content = _KEPT.peek(request)
    if content is None:
        return None
    if content["user"] != user.pk or not _may_open(user, content["path"]):
        forget(request)
        return None
    return KeptForm(content["path"], [(name, value) for name, value in content["fields"]], content["files"])


def forget(request: HttpRequest) -> None:
    _KEPT.forget(request)


def is_being_sent(request: HttpRequest) -> bool:
    """Tells whether this request sends what is kept to its page."""
    if request.method != "POST":
        return False
    content = _KEPT.peek(request)
    return content is not None and content["path"] == request.get_full_path()


def _may_open(user: User, path: str) -> bool:
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return False
    access = getattr(match.func, "access", None)
    return access is not None and access.why_not(user) is None
