"""Creates logins of staff and administrators and changes their duties and locks."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection

from django.db import IntegrityError, transaction

from accounts.access import audit
from accounts.access.home_addresses import ADMINISTRATORS
from accounts.access.notifications import tell_owner
from accounts.credentials import lockouts
from accounts.enums import Duty, Sphere
from accounts.models import User
from accounts.people.natural_persons import is_same_person
from accounts.people.numbers import present_index
from administration.models import Office
from common.findings import Finding, Refused
from common.text.names import normalise_name

STAFF_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")
"""A colon is not allowed, because logins of persons and of CA keys contain one."""
STAFF_LOGIN_SENTENCE = "登录名应以小写字母开头，由3至40个小写字母、数字、点、下划线或短横组成。"

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_SUFFIX = 6


def unguessable_login(beginning: str) -> str:
    """Adds an ending of 29 bits, so that nobody who does not know the login can guess at its password or lock it."""
    return f"{beginning}-{''.join(secrets.choice(_ALPHABET) for _ in range(_SUFFIX))}"


@transaction.atomic
def create_staff(
    *,
    login: str,
    name: str,
    office: Office,
    duties: Collection[str],
    password: str,
    must_change_password: bool = True,
    id_number: str = "",
    by: User | None = None,
) -> User:
    unknown = set(duties) - set(Duty.values)
    if unknown:
        raise Refused(Finding("staff.duty", "没有这样的职责，请从列表中选择。"))
    return _create(
        User(
            login=login,
            sphere=Sphere.STAFF,
            name=name,
            office=office,
            duties=sorted(str(duty) for duty in duties),
            must_change_password=must_change_password,
        ),
        password,
        id_number=id_number,
        by=by,
    )


@transaction.atomic
def create_administrator(
    *,
    login: str,
    name: str,
    sphere: str,
    password: str,
    must_change_password: bool = True,
    id_number: str = "",
    by: User | None = None,
) -> User:
    """Creates one of the three administrators (三员); none of them belongs to an office or decides a case."""
    if sphere not in ADMINISTRATORS:
        raise Refused(Finding("staff.sphere", "管理员只有系统、安全、审计三种。"))
    return _create(
        User(login=login, sphere=sphere, name=name, must_change_password=must_change_password),
        password,
        id_number=id_number,
        by=by,
    )


@transaction.atomic
def assign_duties(user: User, *, duties: Collection[str], reason: str, by: User) -> None:
    """The security administrator changes duties. The database keeps them away from everybody but staff."""
    if is_same_person(user, by) or by.sphere != Sphere.SECURITY_ADMIN:
        raise Refused(
            Finding("staff.duties_by", "职责由安全管理员分配，不能为自己分配。", "请由另一名安全管理员办理。")
        )
    if user.sphere != Sphere.STAFF:
        raise Refused(
            Finding("staff.no_duties", "管理员不办理业务，不能有职责。", "三员分立：管理员和业务人员必须分开。")
        )
    if set(duties) - set(Duty.values):
        raise Refused(Finding("staff.duty", "没有这样的职责，请从列表中选择。"))
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    former, locked.duties = locked.duties, sorted(str(duty) for duty in duties)
    locked.save(update_fields=["duties"])
    audit.record(
        "assign_duties", by=by, about=locked, detail={"former": former, "duties": locked.duties, "reason": reason}
    )
    tell_owner(locked, "职责有变化", f"现在的职责：{locked.duties_in_words or '没有'}。原因：{reason}。")


@transaction.atomic
def unlock_staff(user: User, *, reason: str, by: User) -> None:
    """Lifts both locks, of the password and of the code. It is no error if there is none: the time may just be over."""
    if is_same_person(user, by):
        raise Refused(Finding("staff.own_unlock", "不能解锁自己的账号。", "请由另一名安全管理员办理。"))
    lockouts.lift(user.login)
    audit.record("unlock_user", by=by, about=user, detail={"reason": reason})
    tell_owner(user, "账号已由安全管理员解锁", f"原因：{reason}。不是您申请的，请立即联系安全管理员。")


_TWO_ROLES = Finding(
    "staff.two_roles",
    "此人已有另一种身份的账号",
    "系统管理员、安全管理员、审计管理员和业务人员必须是不同的人（三员分立）。",
)


def _create(user: User, password: str, *, id_number: str, by: User | None) -> User:
    user.name = normalise_name(user.name)
    if not user.name:
        raise Refused(Finding("staff.name", "请填写姓名。"))
    if not STAFF_LOGIN.fullmatch(user.login):
        raise Refused(Finding("staff.login", STAFF_LOGIN_SENTENCE))
    # Unlocked: two at once meet at the unique index, and administrators are made by hand.
    if User.objects.filter(login=user.login).exists():
        raise Refused(Finding("staff.login_taken", f"登录名“{user.login}”已被使用，请换一个。"))
    user.identity_index = present_index(id_number) if id_number else ""
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        if "one_person_has_one_role" not in str(error):
            raise
        raise Refused(_TWO_ROLES) from error
    audit.record("create_user", by=by, about=user, detail={"sphere": user.sphere, "duties": user.duties})
    return user
