from __future__ import annotations

import re
from collections.abc import Collection

from django.db import transaction

from accounts import audit
from accounts.doors import ADMINISTRATORS
from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.models import Office
from jxcloud.base.findings import Finding, Refused

STAFF_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")
"""Never a colon: those are the logins of persons and of CA keys."""
STAFF_LOGIN_SENTENCE = "登录名应以小写字母开头，由3至40个小写字母、数字、点、下划线或短横组成。"


@transaction.atomic
def create_staff(
    *,
    login: str,
    name: str,
    office: Office,
    duties: Collection[str],
    password: str,
    must_change_password: bool = True,
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
    by: User | None = None,
) -> User:
    """One of the three administrators (三员); none of them belongs to an office or decides a case."""
    if sphere not in ADMINISTRATORS:
        raise Refused(Finding("staff.sphere", "管理员只有系统、安全、审计三种。"))
    return _create(
        User(login=login, sphere=sphere, name=name, must_change_password=must_change_password), password, by=by
    )


def _create(user: User, password: str, *, by: User | None) -> User:
    if not STAFF_LOGIN.fullmatch(user.login):
        raise Refused(Finding("staff.login", STAFF_LOGIN_SENTENCE))
    # Unlocked: two at once meet at the unique index, and administrators are made by hand.
    if User.objects.filter(login=user.login).exists():
        raise Refused(Finding("staff.login_taken", f"登录名“{user.login}”已被使用，请换一个。"))
    user.set_password(password)
    user.save()
    audit.record("create_user", by=by, about=user, detail={"sphere": user.sphere, "duties": user.duties})
    return user
