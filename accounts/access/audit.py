"""Writes audit entries with what is known of the request: the user, the address and the request id."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.enums import Sphere
from accounts.models import KioskDevice, User
from administration.audit.services import Author, record_audit
from common.operation.logging import request_id
from common.web.middleware import client_address

KIOSK = "kiosk"


def record(
    action: str,
    *,
    by: User | KioskDevice | None,
    about: Model | None = None,
    detail: dict[str, object] | None = None,
    request: HttpRequest | None = None,
) -> None:
    """`detail` never holds an ID number, a phone number or a password. Services pass no request; the request id joins
    their entries to it.
    """
    user = by if isinstance(by, User) else None
    if isinstance(by, KioskDevice):
        detail = {**(detail or {}), "device": by.pk}
    record_audit(
        action=action,
        actor_id=user.pk if user else None,
        actor_name=by.name if by else "系统",
        sphere=user.sphere if user else KIOSK if by else "",
        object_type=about._meta.label_lower if about is not None else "",
        object_id=about.pk if about is not None else "",
        detail=detail,
        request_id=request_id.get()[:40],
        address=(client_address(request) or None) if request is not None else None,
    )


def author(user: User, request: HttpRequest) -> Author:
    """Names the author for services of `administration`, which write their audit entry in their own transaction."""
    return Author(
        user_id=user.pk,
        name=user.name,
        sphere=user.sphere,
        request_id=request_id.get()[:40],
        address=client_address(request) or None,
    )


def acting(user: User) -> Author:
    """Names the author for services of `administration` that are called by services here, which know no request."""
    return Author(user_id=user.pk, name=user.name, sphere=user.sphere, request_id=request_id.get()[:40])


def note_failed_login(
    sender: object, *, credentials: dict[str, object], request: HttpRequest | None = None, **_: object
) -> None:
    """Receives Django's signal and writes an entry for each failure, also while the login is locked.

    `login` of a person is a blind index already; one that nobody has is kept shortened, since people type their
    password there.
    """
    login = str(credentials.get("login", ""))
    user = User.objects.filter(login=login).first()
    record(
        "login.refused",
        by=None,
        about=user,
        detail={"login": user.login if user and user.sphere != Sphere.PERSON else f"{login[:4]}…"},
        request=request,
    )


REFUSALS = frozenset({400, 403, 409, 413, 429})


class RefusalMiddleware:
    """Records each request of a logged-in user that was refused; the entry is written after the rollback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        response = self.get_response(request)
        is_refused = response.status_code in REFUSALS and (request.method != "GET" or response.status_code == 403)
        if is_refused and isinstance(user, User):
            match = request.resolver_match
            detail: dict[str, object] = {
                "method": request.method,
                "page": match.view_name if match else "",
                "status": response.status_code,
            }
            if match and match.kwargs:
                detail["arguments"] = {key: str(value)[:60] for key, value in match.kwargs.items()}
            record("refused", by=user, detail=detail, request=request)
        return response
