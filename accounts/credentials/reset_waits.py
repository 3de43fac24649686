"""Makes some acts wait for hours after a password was reset, in every session, because an impostor would do them
first.

A code of the authenticator or from the counter, or a passkey, allows them at once, in the session that showed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts.enums import ResetWay
from accounts.models import User
from administration.parameters.book import ParameterBook
from administration.parameters.declared import DECLARED
from common.findings import Cure, Finding

TOTP, COUNTER_CODE, PASSKEY = "totp", "counter_code", "passkey"
CONFIRMING = frozenset({TOTP, COUNTER_CODE, PASSKEY})
_CONFIRMED = "reset_confirmed"
_PARAMETER = "reset_wait_hours"
_LONGEST = timedelta(hours=DECLARED[_PARAMETER].maximum)


@dataclass(frozen=True)
class Wait:
    since: datetime
    until: datetime
    way: str


def wait_of(user: User, *, now: datetime) -> Wait | None:
    """The hours are those in force on the day of the reset. No query is made if there was no reset lately."""
    if user.reset_at is None or not user.reset_at <= now < user.reset_at + _LONGEST:
        return None
    hours = ParameterBook.load().integer(_PARAMETER, timezone.localdate(user.reset_at))
    until = user.reset_at + timedelta(hours=hours)
    return Wait(user.reset_at, until, user.reset_way) if now < until else None


def refusal(wait: Wait, *, back: str = "") -> Finding:
    """`back` is the page to come back to after the confirmation."""
    hours = int((wait.until - wait.since).total_seconds()) // 3600
    return Finding(
        "reset.waits",
        f"密码重设后{hours}小时内，这一事项要等到{_moment(wait.until)}以后办理",
        f"您的密码于{_moment(wait.since)}通过{ResetWay(wait.way).label}重设。为防止他人冒用，同意聘用、解除聘用、注销或调出证书、"
        "修改手机号码、启用动态口令等事项须等待。用通行密钥、动态口令或窗口核验码确认一次，就可以马上办理，人脸识别不能代替。"
        "密码不是您本人重设的，请立即携带身份证到登记点重置。",
        turn="本人",
        cure=Cure(
            "用通行密钥、动态口令或窗口核验码确认", "accounts:mobile_verify", query={"next": back} if back else {}
        ),
    )


def confirm(request: HttpRequest) -> None:
    user = request.user
    if isinstance(user, User) and user.reset_at is not None:
        request.session[_CONFIRMED] = [user.pk, user.reset_at.timestamp()]


def is_confirmed(request: HttpRequest) -> bool:
    """A reset after the confirmation has to be confirmed anew."""
    user = request.user
    if not isinstance(user, User) or user.reset_at is None:
        return False
    return bool(request.session.get(_CONFIRMED) == [user.pk, user.reset_at.timestamp()])


def wait_in(request: HttpRequest) -> Wait | None:
    """Answers the wait that still applies to this session."""
    user = request.user
    return wait_of(user, now=timezone.now()) if isinstance(user, User) and not is_confirmed(request) else None


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y年%-m月%-d日 %H:%M}"
