"""Compares logins by the natural person behind them, so that two decisions are made by two people."""

from __future__ import annotations

from accounts.enums import Sphere
from accounts.models import KioskDevice, Person, User
from common.findings import Finding, Refused


def identity_of(user: User) -> str:
    """Answers the blind index of the ID number, or "" where the login was opened without one."""
    if user.sphere == Sphere.PERSON:
        return Person.objects.filter(user=user).values_list("id_number_index", flat=True).first() or ""
    return user.identity_index


def is_same_person(one: User, other: User) -> bool:
    """Tells whether both are one login, or two logins of the same natural person."""
    return one.pk == other.pk or (bool(identity := identity_of(one)) and identity == identity_of(other))


def person_id_of(user: User) -> int | None:
    """Answers the id of the registered person behind a login of the back office, if there is one."""
    if not user.identity_index:
        return None
    return Person.objects.filter(id_number_index=user.identity_index).values_list("pk", flat=True).first()


def refuse_own_record(by: User | KioskDevice | None, id_number_index: str, *, task: str, instead: str) -> None:
    """Raises Refused where somebody would decide about his or her own record. `instead` says who may."""
    if isinstance(by, User) and (identity := identity_of(by)) and identity == id_number_index:
        detail = f"经办人与办理对象是同一人。请由{instead}办理。"
        raise Refused(Finding("own_record", f"不能为本人{task}", detail, turn=instead))
