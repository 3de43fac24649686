"""Sets, resets and changes passwords and remembers former ones."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.access import audit
from accounts.access.login_sessions import end_sessions
from accounts.enums import ResetWay, SessionEnd, Sphere
from accounts.models import FormerPassword, Person, User
from accounts.people.findings import has_died
from accounts.people.natural_persons import is_same_person, refuse_own_record
from accounts.people.rules import FORMER_PASSWORDS, password_findings
from administration.messages.services import OutgoingMessage, send
from common.findings import Finding, Refused

from . import lockouts
from .reset_waits import wait_of

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Characters that look alike on paper are left out: l, i, o, 1, 0."""
_LENGTH = 12
"""A password has 59 bits; the lockout allows five tries in a quarter of an hour."""


def initial_password() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


@transaction.atomic
def reset_password(person: Person, *, by: User) -> str:
    """Gives a new one-time password to somebody who stands at the counter, and ends all their sessions and any
    lockout.
    """
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    refuse_own_record(by, locked.id_number_index, task="重置个人密码", instead="另一名登记人员")
    if locked.died_on is not None:
        raise Refused(has_died(locked))
    if locked.user_id is None:
        raise Refused(
            Finding(
                "account.none",
                "此人还没有登录账号",
                "请先办理实名制登记，登记时会生成账号和初始密码。",
                turn="实名制登记点",
            )
        )
    user = User.objects.get(pk=locked.user_id)
    password = _give_initial_password(user)
    note_reset(user, locked, way=ResetWay.COUNTER, now=timezone.now())
    audit.record("reset_password", by=by, about=person)
    return password


@transaction.atomic
def reset_staff_password(user: User, *, by: User) -> str:
    """The system administrator resets the password of somebody else of the back office."""
    if user.sphere in (Sphere.PERSON, Sphere.OPERATOR) or is_same_person(user, by):
        raise Refused(
            Finding(
                "staff.reset",
                "不能在这里重置这个账号的密码",
                "个人到登记点重置；企业用 CA 锁登录；自己的密码请用“修改密码”，自己的其他账号请由另一名系统管理员办理。",
            )
        )
    password = _give_initial_password(user)
    audit.record("reset_password", by=by, about=user)
    return password


def _give_initial_password(user: User) -> str:
    password = initial_password()
    if not user.must_change_password:
        _remember(user, timezone.now())
    user.set_password(password)
    user.must_change_password = True
    user.password_changed_at = None
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    lockouts.lift(user.login)
    end_sessions(user, why=SessionEnd.RESET)
    return password


def _remember(user: User, now: datetime) -> None:
    """Remembers the password that is about to be replaced if the user chose it; five are remembered."""
    if not user.has_usable_password():
        return
    FormerPassword.objects.create(user=user, password=user.password, replaced_at=now)
    kept = list(FormerPassword.objects.filter(user=user).values_list("pk", flat=True)[:FORMER_PASSWORDS])
    FormerPassword.objects.filter(user=user).exclude(pk__in=kept).delete()


@transaction.atomic
def change_password(user: User, password: str, *, now: datetime) -> None:
    """The caller keeps the present session alive (`sessions.keep_after_password_change`)."""
    former = list(FormerPassword.objects.filter(user=user).values_list("password", flat=True)[:FORMER_PASSWORDS])
    person = Person.objects.filter(user=user).first()
    findings = password_findings(password, user=user, person=person, former=former)
    if findings:
        raise Refused(*findings)
    if not user.must_change_password:
        _remember(user, now)
    user.set_password(password)
    user.must_change_password = False
    user.password_changed_at = now
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    audit.record("change_password", by=user, about=user)


@transaction.atomic
def reset_password_by_face(user: User) -> None:
    """The next page asks for a new password. All sessions end at once; the session that follows is opened afterwards."""
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])
    lockouts.lift(user.login)
    end_sessions(user, why=SessionEnd.RESET)
    note_reset(user, Person.objects.get(user=user), way=ResetWay.FACE, now=timezone.now())
    audit.record("reset_password_by_face", by=user, about=user)


def note_reset(user: User, person: Person, *, way: ResetWay, now: datetime) -> None:
    """From now on acts with large effects wait (`accounts.credentials.reset_waits`), and the owner is told, also on
    the phone on file.
    """
    user.reset_at, user.reset_way = now, way
    user.save(update_fields=["reset_at", "reset_way"])
    wait = wait_of(user, now=now)
    until = f"{timezone.localtime(wait.until):%-m月%-d日%H:%M}前不能办理聘用、注销等重要事项。" if wait else ""
    body = f"您的登录密码刚刚通过{way.label}重设。{until}不是您本人操作的，请立即携带身份证到登记点重置密码。"
    send([OutgoingMessage(person.mailbox_id, f"已通过{way.label}重设密码", body, event="password_reset")])
