"""Logging in and out, the second verification, and where to go afterwards."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from . import audit
from .enums import Sphere
from .models import User
from .signals import person_logged_in
from .verification.standing import VERIFIED_FOR

_VERIFIED_AT = "verified_at"
_VERIFIED_USER = "verified_user"

FORMER_COOKIE = "jx_former"
"""Signed: whose session this browser last had. Without it nobody knows to whom a form belongs that comes too late."""
_FORMER_SALT = "accounts.former"
_FORMER_AGE = timedelta(days=2)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def log_in(request: HttpRequest, user: User, *, method: str = "password", backend: str = _BACKEND) -> None:
    """The one way into a session, for every door. A session of somebody else in this browser ends."""
    login(request, user, backend=backend)
    request.just_logged_in = user  # type: ignore[attr-defined]  # for AccountsMiddleware
    audit.record("login", by=user, about=user, detail={"method": method}, request=request)
    if user.sphere == Sphere.PERSON:
        # Robust: whatever the listeners look up must not keep anybody out. Django logs their errors.
        person_logged_in.send_robust(sender=User, person=user.person)


def log_out(request: HttpRequest) -> None:
    user = request.user
    if isinstance(user, User):
        audit.record("logout", by=user, about=user, request=request)
    logout(request)
    request.just_logged_out = True  # type: ignore[attr-defined]  # for AccountsMiddleware


def mark_verified(request: HttpRequest, *, method: str) -> None:
    """After a second verification: by face, one-time password, a clerk's yes or a code from the counter."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  for the type checker; the pages require a person
    request.session[_VERIFIED_AT] = timezone.now().timestamp()
    request.session[_VERIFIED_USER] = user.pk
    audit.record("verify", by=user, about=user, detail={"method": method}, request=request)


def is_verified(request: HttpRequest) -> bool:
    """A second verification by this very user within the last ten minutes."""
    at = request.session.get(_VERIFIED_AT)
    if at is None or request.session.get(_VERIFIED_USER) != request.user.pk:
        return False
    return bool(0 <= timezone.now().timestamp() - at <= VERIFIED_FOR.total_seconds())


def safe_next(request: HttpRequest) -> str:
    """The address in `next`, if it is one of ours; otherwise empty."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    return address if is_ours(request, address) else ""


def is_ours(request: HttpRequest, address: str) -> bool:
    return address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def remember_former(response: HttpResponse, user: User) -> None:
    response.set_signed_cookie(
        FORMER_COOKIE,
        str(user.pk),
        salt=_FORMER_SALT,
        max_age=int(_FORMER_AGE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget_former(response: HttpResponse) -> None:
    response.delete_cookie(FORMER_COOKIE, samesite="Lax")


def former_user_id(request: HttpRequest) -> int | None:
    try:
        value = request.get_signed_cookie(FORMER_COOKIE, salt=_FORMER_SALT, max_age=_FORMER_AGE)
    except (KeyError, BadSignature):  # none, or not ours
        return None
    return int(value) if value else None
