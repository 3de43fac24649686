"""Enrols, verifies, recovers and removes one-time passwords (动态口令, RFC 6238) of staff and persons.

Only `verify` judges a code. It writes what it counted, so it must not run in a transaction that is rolled back.
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from accounts.access import audit
from accounts.access.login_sessions import end_sessions
from accounts.access.notifications import tell_owner
from accounts.enums import SessionEnd, Sphere
from accounts.models import RecoveryCode, SecondFactor, User
from accounts.people.natural_persons import is_same_person
from administration.throttle import Limit, seconds_to_wait
from common.encryption import blind_index
from common.findings import Finding, Refused
from common.printing.qr import svg_path
from common.text.chinese import half_width

from . import lockouts
from .hotp import hotp
from .lockouts import Source
from .reset_waits import refusal, wait_of
from .selectors import second_factor_of

ISSUER = "住建云"
STEP = 30
"""The unit is seconds."""
DRIFT = 1
"""The unit is steps by which the clock of a telephone may be off, either way."""
RECOVERY_CODES = 10
_SECRET_BYTES = 20
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_HALF = 5
"""The unit is characters on either side of the dash of a recovery code; together they have 49 bits."""

_WRONG = Finding(
    "totp.wrong",
    "验证码不正确",
    f"请输入身份验证器当前显示的6位数字；手机时间不准也会这样。连续输错{lockouts.TRIES}次，这里要等15分钟才能再试。",
)
_USED = Finding("totp.used", "这个验证码已经用过", "每个验证码只能用一次，请等身份验证器显示下一个（最多30秒）。")
_TOLD = Limit("totp_told", 1, timedelta(days=1))
_NONE = Finding("totp.none", "还没有启用动态口令", "请先在“账号安全”页启用。")


@dataclass(frozen=True)
class Enrolment:
    """Describes what the page shows before the first code. Only `confirm` stores the secret."""

    secret: str
    uri: str
    qr_path: str
    qr_side: int

    @property
    def spaced_secret(self) -> str:
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


@dataclass(frozen=True)
class Check:
    """If the code is not accepted, `finding` says why."""

    accepted: bool
    finding: Finding | None = None
    codes_left: int | None = None

    @property
    def is_locked(self) -> bool:
        return self.finding is not None and self.finding.code == "totp.locked"


def is_enrolled(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exists()


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(factor__user=user, used_at__isnull=True).count()


def new_secret() -> str:
    """Answers base32. The caller keeps it, sealed and for one browser, until `confirm`."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def enrolment(user: User, secret: str) -> Enrolment:
    account = user.name if user.sphere == Sphere.PERSON else user.login
    query = urlencode({"secret": secret, "issuer": ISSUER, "digits": 6, "period": STEP}, quote_via=quote)
    uri = f"otpauth://totp/{quote(ISSUER)}:{quote(account)}?{query}"
    path, side = svg_path(uri)
    return Enrolment(secret, uri, path, side)


def code_at(secret: str, moment: datetime) -> str:
    return code_of_step(secret, _step(moment))


def code_of_step(secret: str, step: int) -> str:
    return f"{hotp(base64.b32decode(secret), step)}"


@transaction.atomic
def confirm(user: User, *, secret: str, code: str, now: datetime, is_confirmed: bool = False) -> list[str]:
    """The first right code makes this the login's second factor in place of the former one; the answer is the new
    recovery codes.

    Who replaces a factor has proven the former one by `verify` just before. `is_confirmed` says that the wait after a
    reset was ended.
    """
    step = _matching_step(secret, _digits(code), now)
    if step is None:
        raise Refused(_WRONG)
    former = second_factor_of(user.pk)
    _refuse_while_waiting(user, is_confirmed=is_confirmed or former is not None, now=now)
    # A replacement keeps the beginning of the chain of authenticators and how well that beginning was verified.
    enrolled_at = former.enrolled_at if former else now
    replaced, _ = SecondFactor.objects.filter(user=user).delete()
    try:
        with transaction.atomic():
            factor = SecondFactor.objects.create(user=user, secret=secret, enrolled_at=enrolled_at, last_step=step)
    except IntegrityError as error:
        raise Refused(Finding("totp.twice", "刚刚在另一个页面启用了动态口令", "请用那里添加的账户登录。")) from error
    audit.record("totp_enrol", by=user, about=user, detail={"replaced": bool(replaced)})
    tell_owner(
        user,
        "动态口令已更换" if replaced else "动态口令已启用",
        "不是您本人操作的，请立即修改密码，并联系登记点或安全管理员。",
    )
    return _issue_codes(factor)


@transaction.atomic
def verify(user: User, code: str, *, now: datetime, source: Source | None = None) -> Check:
    """Accepts a code of the authenticator or a recovery code, each once, also in two requests at the same moment.

    Failures are counted by `source` if the caller knows it, so that guesses from elsewhere do not lock out the owner.
    """
    # The lock: of two requests with one code the second one sees the step that the first has used.
    factor = SecondFactor.objects.select_for_update(no_key=True).filter(user=user).first()
    if factor is None:
        return Check(False, _NONE)
    attempt = lockouts.begin(source or lockouts.shared_source(user.login), lockouts.CODE, now=now)
    if attempt.wait_until:
        return Check(False, _locked(attempt.wait_until))
    # Six digits can be guessed by very many addresses together; a recovery code cannot.
    step = None if attempt.is_flooded else _matching_step(factor.secret, _digits(code), now)
    if step is not None and step <= factor.last_step:
        attempt.give_back()  # pressed twice is no guess
        return Check(False, _USED)
    left = None
    if step is None:
        left = _use_recovery_code(factor, code, now)
        if left is None:
            return _fail(attempt, user, now)
    else:
        factor.last_step = step
    attempt.succeed()
    factor.save(update_fields=["last_step"])
    if left is not None:
        audit.record("totp_recovery_code", by=user, about=user, detail={"left": left})
        tell_owner(
            user, "使用了一个恢复码", f"还剩{left}个。不是您本人操作的，请立即修改密码，并联系登记点或安全管理员。"
        )
    return Check(True, codes_left=left)


@transaction.atomic
def refuse(source: Source, *, now: datetime) -> Check:
    """Answers and counts like `verify` after a wrong code, for a login whose password was wrong already."""
    attempt = lockouts.begin(source, lockouts.CODE, now=now)
    if attempt.wait_until:
        return Check(False, _locked(attempt.wait_until))
    until = attempt.fail(now)
    return Check(False, _locked(until) if until else _WRONG)


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """The former codes become invalid."""
    factor = SecondFactor.objects.select_for_update(no_key=True).filter(user=user).first()
    if factor is None:
        raise Refused(_NONE)
    factor.recovery_codes.all().delete()
    audit.record("totp_new_codes", by=user, about=user)
    return _issue_codes(factor)


def _refuse_while_waiting(user: User, *, is_confirmed: bool, now: datetime) -> None:
    wait = wait_of(user, now=now)
    if wait is not None and not is_confirmed:
        raise Refused(refusal(wait))


@transaction.atomic
def remove(user: User) -> None:
    """Removes the factor for a person who has just proven it or has shown a code from the counter. Staff must keep
    theirs.
    """
    if user.sphere != Sphere.PERSON:
        raise Refused(
            Finding("totp.required", "工作人员必须使用动态口令", "换手机请用“更换”；手机丢失请联系安全管理员。")
        )
    SecondFactor.objects.filter(user=user).delete()
    audit.record("totp_remove", by=user, about=user)
    tell_owner(user, "动态口令已停用", "不是您本人操作的，请立即修改密码，并联系登记点。")


@transaction.atomic
def reset(user: User, *, by: User, reason: str) -> None:
    """The security administrator removes the factor of somebody else; the next login enrols a new one."""
    if is_same_person(user, by):
        raise Refused(
            Finding("totp.own_reset", "不能重置自己的动态口令", "同一人的不同账号视为一人。请由另一名安全管理员办理。")
        )
    if not reason.strip():
        raise Refused(
            Finding("totp.reset_reason", "没有填写原因", "请写明核实身份的方式，例如：本人到场，核对工作证。")
        )
    if not SecondFactor.objects.filter(user=user).delete()[0]:
        raise Refused(Finding("totp.none", "此人没有启用动态口令", "下次登录时会要求启用。"))
    end_sessions(user, why=SessionEnd.RESET)
    audit.record("totp_reset", by=by, about=user, detail={"reason": reason.strip()})
    tell_owner(user, "动态口令已由安全管理员重置", f"原因：{reason.strip()}。不是您申请的，请立即联系安全管理员。")


def _locked(until: datetime) -> Finding:
    return Finding(
        "totp.locked",
        f"验证码连续输错{lockouts.TRIES}次，这里暂时不能再试",
        f"请在{lockouts.clock_of(until)}以后再试；您常用的浏览器和其他网络不受影响。手机丢失的，请申请重置。",
    )


def _fail(attempt: lockouts.Try, user: User, now: datetime) -> Check:
    until = attempt.fail(now)
    if until is None:
        return Check(False, _WRONG)
    audit.record("totp_locked", by=None, about=user)
    if not seconds_to_wait(_TOLD, f"user:{user.pk}", now=now):
        tell_owner(
            user,
            "有人连续输错验证码",
            "输入验证码的人已经知道密码。不是您本人操作的，请立即修改密码。这类提醒每天最多一条。",
        )
    return Check(False, _locked(until))


def _digits(code: str) -> str:
    return re.sub(r"\s", "", half_width(code))


def _step(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP


def _matching_step(secret: str, digits: str, now: datetime) -> int | None:
    """Answers the latest step: a code that belongs to two steps must not be refused as used."""
    present = _step(now)
    steps = range(present - DRIFT, present + DRIFT + 1)
    return max((step for step in steps if constant_time_compare(code_of_step(secret, step), digits)), default=None)


def _issue_codes(factor: SecondFactor) -> list[str]:
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(2 * _HALF)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, code_hash=_hash(factor, code)) for code in codes)
    return [f"{code[:_HALF]}-{code[_HALF:]}" for code in codes]


def _use_recovery_code(factor: SecondFactor, code: str, now: datetime) -> int | None:
    """Answers how many codes are left, or None if it is not one of them. The caller has locked the factor."""
    plain = re.sub(r"[^a-z0-9]", "", half_width(code).lower())
    unused = factor.recovery_codes.filter(used_at__isnull=True)
    if not unused.filter(code_hash=_hash(factor, plain)).update(used_at=now):
        return None
    return unused.count()


def _hash(factor: SecondFactor, code: str) -> str:
    """Hashes with a key; since codes are random, no slow hash is needed against guessing."""
    return blind_index(f"{factor.pk}:{code}", "recovery_code")
