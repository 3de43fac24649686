"""Opens all sessions of persons, so that no login page forgets the second factor; a guard test looks for others.

Each way of logging in calls `admit` once the password, the face or the code of a running web session was right. Where an
authenticator is enrolled, and where a face that does not suffice would reset the password, the person first comes to the
page of the second step, which calls `finish`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.access import sessions
from accounts.access.destinations import destination, with_next
from accounts.access.home_addresses import PHONE_PAGES
from accounts.credentials import reset_waits, second_factor_session, totp
from accounts.credentials.passwords import reset_password_by_face
from accounts.credentials.reset_waits import COUNTER_CODE, TOTP
from accounts.models import User
from accounts.verification.assurance import FACE_LOGIN, FACE_RESET, face_suffices
from accounts.verification.available_methods import may_use_totp
from common.findings import Finding


@dataclass(frozen=True)
class Door:
    """Describes one way by which persons log in. Without `home` it leads to the home page of persons."""

    name: str
    method: str
    home: str = PHONE_PAGES
    page: str = "accounts:mobile_code"
    proves_twice: bool = False
    resets_password: bool = False


WEB = Door("web", "password", home="", page="accounts:person_code")
PHONE = Door("phone", "password")
QR = Door("qr", "qr")
FACE = Door("face", FACE_LOGIN)
PASSWORD_AND_FACE = Door("password_face", "password+face", proves_twice=True)
RESET = Door("reset", FACE_RESET, resets_password=True)
DOORS = {door.name: door for door in (WEB, PHONE, QR, FACE, PASSWORD_AND_FACE, RESET)}

RECOVERY = "recovery"


def admit(request: HttpRequest, user: User, door: Door) -> HttpResponse:
    if not needs_second_step(user, door):
        return _open(request, user, door, method=door.method)
    if request.user.is_authenticated:
        sessions.log_out(request)
    second_factor_session.begin(request, user, door=door.name)
    return HttpResponseRedirect(with_next(reverse(door.page), sessions.safe_next(request)))


def needs_second_step(user: User, door: Door) -> bool:
    return totp.is_enrolled(user) or (door.resets_password and not face_suffices())


def finish(request: HttpRequest, user: User, door: Door, *, factor: str, codes_left: int = 0) -> HttpResponse:
    second_factor_session.forget(request)
    response = _open(request, user, door, method=f"{door.method}+{factor}", factor=factor)
    if factor == RECOVERY:
        warn_of_recovery(request, codes_left)
    return response


def _open(request: HttpRequest, user: User, door: Door, *, method: str, factor: str = "") -> HttpResponse:
    if door.resets_password:
        reset_password_by_face(user)
    sessions.log_in(request, user, method=method, is_admitted=True)
    if factor == COUNTER_CODE or (factor == TOTP and may_use_totp(user.person)):
        # The code was just shown, and asking for the next one at once would prove nothing more.
        sessions.mark_verified(request, method=factor)
        reset_waits.confirm(request)
    elif door.proves_twice:
        sessions.mark_verified(request, method=door.method)
    return HttpResponseRedirect(destination(request, user, home=door.home))


def warn_of_recovery(request: HttpRequest, codes_left: int, advice: str = "") -> None:
    messages.warning(request, f"您用了一个恢复码，还剩{codes_left}个。{advice}")


def code_status(request: HttpRequest, finding: Finding | None) -> int:
    """Answers the HTTP status of the page that asks for a code."""
    return 429 if finding and finding.code == "totp.locked" else 400 if request.method == "POST" else 200
