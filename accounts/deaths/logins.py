"""Closes the logins that a natural person who has died had besides the own one, as staff or as an administrator."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.access import audit, login_sessions
from accounts.enums import SessionEnd
from accounts.models import Person, User

from .steps import Death


def _open(person: Person) -> list[User]:
    rows = User.objects.filter(identity_index=person.id_number_index, is_active=True)
    return list(rows.select_related("office").order_by("pk"))


def _of_that_name(person: Person) -> list[User]:
    """Logins that were opened without an ID number are known by the name only, which proves nothing."""
    rows = User.objects.filter(name=person.name, identity_index="", is_active=True, ca_key__isnull=True)
    return list(rows.filter(person__isnull=True).select_related("office").order_by("pk"))


def name_logins(person: Person) -> list[str]:
    closed = [f"{_place(one)}的工作账号{one.login}停用，名下的待办退回科室" for one in _open(person)]
    same = [
        f"{_place(one)}的工作账号{one.login}同名，开立时没有登记身份证号：不会自动停用，请系统管理员核实"
        for one in _of_that_name(person)
    ]
    return closed + same


def _place(user: User) -> str:
    return user.office.name if user.office is not None else user.get_sphere_display()


def close_logins(death: Death) -> list[int]:
    closed = _open(death.person)
    for user in closed:
        _set(user, is_active=False, death=death)
        login_sessions.end_sessions(user, why=SessionEnd.DISABLED)
    return [user.pk for user in closed]


def open_logins(death: Death) -> list[str]:
    """A login that serves another person by now, or whose office is closed, stays closed."""
    rows = _known(death.ended)
    left = []
    for user in rows:
        if user.identity_index != death.person.id_number_index or (user.office and not user.office.is_active):
            left.append(f"{_place(user)}的工作账号{user.login}：身份或部门已有变化，请系统管理员核实后启用。")
        elif not user.is_active:
            _set(user, is_active=True, death=death)
    return left


def _known(ids: Iterable[int]) -> list[User]:
    return list(User.objects.filter(pk__in=list(ids)).select_related("office").order_by("pk"))


def _set(user: User, *, is_active: bool, death: Death) -> None:
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    audit.record("change_user", by=death.by, about=user, detail={"is_active": is_active, "document": death.document})
