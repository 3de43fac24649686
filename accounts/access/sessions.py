"""Logs in and out, records the second verification, and decides where to go afterwards."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.core.signing import BadSignature
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.enums import SessionEnd, Sphere
from accounts.models import LoginSession, User
from accounts.signals import person_logged_in
from administration.lookups.limits import open_alarms
from common.web.methods import opens
from common.web.middleware import client_address

from . import audit, login_sessions

VERIFIED_FOR = timedelta(minutes=10)
_VERIFIED_AT = "verified_at"
_VERIFIED_USER = "verified_user"
_VERIFIED_BY = "verified_by"
_LOGIN_METHOD = "login_method"
_SINCE = "since"
_SEEN = "seen"
"""The session holds seconds since 1970 of the login and of the last page, so that they need no query of their own."""

FORMER_COOKIE = "jx_former"
"""The cookie is signed and says whose session this browser last had; otherwise the owner of a form that comes too
late would be unknown.
"""
_FORMER_SALT = "accounts.former"
_FORMER_AGE = timedelta(days=2)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def log_in(
    request: HttpRequest,
    user: User,
    *,
    method: str = "password",
    backend: str = _BACKEND,
    is_admitted: bool = False,
) -> None:
    """Opens every session; a session of somebody else in this browser ends.

    Persons come by `accounts.login.admission`, which asks for the second factor; only it passes `is_admitted`.
    """
    if user.sphere == Sphere.PERSON and not is_admitted:
        raise ValueError("persons log in by accounts.login.admission")
    former_key, former_login = request.session.session_key, user.last_login
    login_sessions.end_session(former_key, why=SessionEnd.LOGOUT)
    login(request, user, backend=backend)
    if request.session.session_key == former_key:
        request.session.cycle_key()
    request.session[_LOGIN_METHOD] = method
    ended = login_sessions.open_session(
        user,
        key=str(request.session.session_key),
        address=client_address(request) or None,
        browser=request.headers.get("User-Agent", ""),
        now=timezone.now(),
    )
    if ended:
        messages.warning(request, "您的账号在另一处的登录已经退出：工作人员同一时间只能在一处登录。")
    if user.locked_at is not None and (former_login is None or user.locked_at > former_login):
        when = f"{timezone.localtime(user.locked_at):%Y年%-m月%-d日 %H:%M}"
        messages.warning(request, f"{when}，有人连续输错您的密码。不是您本人的，请修改密码。")
    if user.sphere == Sphere.SECURITY_ADMIN and (waiting := open_alarms().count()):
        # Administrators have no mailbox: this is their message.
        messages.warning(request, f"有{waiting}条按身份证号的异常查询等待复核，请打开“异常查询”。")
    request.just_logged_in = user  # type: ignore[attr-defined]  # for AccountsMiddleware
    audit.record("login", by=user, about=user, detail={"method": method}, request=request)
    if user.sphere == Sphere.PERSON:
        # An error of a listener must not keep anybody out; Django logs it.
        person_logged_in.send_robust(sender=User, person=user.person)


def log_out(request: HttpRequest) -> None:
    user = request.user
    login_sessions.end_session(request.session.session_key, why=SessionEnd.LOGOUT)
    if isinstance(user, User):
        audit.record("logout", by=user, about=user, request=request)
    logout(request)
    request.just_logged_out = True  # type: ignore[attr-defined]  # for AccountsMiddleware


def keep_after_password_change(request: HttpRequest, user: User) -> None:
    """This session goes on under a new key; all others of the user end."""
    former_key = request.session.session_key
    update_session_auth_hash(request, user)
    login_sessions.rename_session(former_key, request.session.session_key)
    login_sessions.end_sessions(user, why=SessionEnd.PASSWORD, keep=str(request.session.session_key))
    request.just_logged_in = user  # type: ignore[attr-defined]  # the browser is known by the new password


@receiver(user_logged_in, dispatch_uid="accounts.start_clocks")
def start_clocks(sender: object, *, request: HttpRequest, **_: object) -> None:
    request.session[_SINCE] = request.session[_SEEN] = timezone.now().timestamp()


def idle_limit(user: User) -> timedelta:
    kind = "staff" if user.sphere in login_sessions.ONE_AT_A_TIME else "others"
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES[kind])


def time_left(request: HttpRequest, user: User) -> tuple[timedelta, SessionEnd]:
    """Answers the time until this session ends by itself, and why; it is not positive if the session is over or has no clocks."""
    now = timezone.now().timestamp()
    idle = request.session.get(_SEEN, 0) + idle_limit(user).total_seconds() - now
    whole = request.session.get(_SINCE, 0) + settings.SESSION_COOKIE_AGE - now
    return timedelta(seconds=min(idle, whole)), SessionEnd.IDLE if idle <= whole else SessionEnd.TOO_LONG


def renew(request: HttpRequest, *, after: timedelta = timedelta(0)) -> None:
    """Notes that the reader is there, at most once in `after`."""
    now = timezone.now().timestamp()
    if now - request.session.get(_SEEN, 0) >= after.total_seconds():
        request.session[_SEEN] = now


def end_if_due(request: HttpRequest, user: User) -> bool:
    left, why = time_left(request, user)
    if left > timedelta(0):
        return False
    login_sessions.end_session(request.session.session_key, why=why)
    logout(request)
    return True


def why_ended(request: HttpRequest) -> str:
    """Answers a sentence for a browser that comes with the key of an ended session; it is empty if nothing is known."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    row = LoginSession.objects.filter(session_key=key, ended_at__isnull=False).first() if key else None
    return f"{SessionEnd(row.ended_why).label}。" if row else ""


def mark_verified(request: HttpRequest, *, method: str) -> None:
    """Records a second verification: by face, one-time password, a clerk's approval or a code from the counter."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  for the type checker; the pages require a person
    request.session[_VERIFIED_AT] = timezone.now().timestamp()
    request.session[_VERIFIED_USER] = user.pk
    request.session[_VERIFIED_BY] = method
    audit.record("verify", by=user, about=user, detail={"method": method}, request=request)


def is_verified(request: HttpRequest) -> bool:
    """Tells whether this very user has passed a second verification within the last ten minutes."""
    at = request.session.get(_VERIFIED_AT)
    if at is None or request.session.get(_VERIFIED_USER) != request.user.pk:
        return False
    return bool(0 <= timezone.now().timestamp() - at <= VERIFIED_FOR.total_seconds())


def verified_by(request: HttpRequest) -> str:
    """Names the method of the second verification that still holds; it is empty if there is none."""
    return str(request.session.get(_VERIFIED_BY, "")) if is_verified(request) else ""


def login_method(request: HttpRequest) -> str:
    """Names what opened this session, in the words of the audit."""
    return str(request.session.get(_LOGIN_METHOD, ""))


def safe_next(request: HttpRequest) -> str:
    """Answers the address in `next` if it is one of ours that a browser may open, otherwise an empty text."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    return address if is_ours(request, address) and opens(address) else ""


def is_ours(request: HttpRequest, address: str) -> bool:
    return address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def page_before(request: HttpRequest) -> str:
    """Answers the page of ours from which the request comes; it is empty if there is none."""
    referer = urlsplit(request.headers.get("Referer", ""))
    address = referer.path + (f"?{referer.query}" if referer.query else "")
    return address if referer.netloc == request.get_host() and is_ours(request, address) else ""


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
