"""Audit entries with what this request knows: who, from where, under which request id."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest

from administration.services import Author, record_audit
from jxcloud.base.logging import request_id
from jxcloud.base.middleware import client_address

from .models import User


def record(
    action: str,
    *,
    by: User | None,
    about: Model | None = None,
    detail: dict[str, object] | None = None,
    request: HttpRequest | None = None,
) -> None:
    """`detail` never holds an ID number, a phone or a password. Services have no request; the request id ties them."""
    record_audit(
        action=action,
        actor_id=by.pk if by else None,
        actor_name=by.name if by else "系统",
        sphere=by.sphere if by else "",
        object_type=about._meta.label_lower if about is not None else "",
        object_id=about.pk if about is not None else "",
        detail=detail,
        request_id=request_id.get()[:40],
        address=(client_address(request) or None) if request is not None else None,
    )


def author(user: User, request: HttpRequest) -> Author:
    """For services of `administration`, which write their audit entry in their own transaction."""
    return Author(
        user_id=user.pk,
        name=user.name,
        sphere=user.sphere,
        request_id=request_id.get()[:40],
        address=client_address(request) or None,
    )
