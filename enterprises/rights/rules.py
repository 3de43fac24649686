"""Decides what an operator may do: by the own role, by the switch for confirming, and by delegations of today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.access.rights import Right
from accounts.models import User
from common.findings import Cure, Finding
from enterprises.enums import OperatorRole
from enterprises.models import CaKey, OperatorDelegation

OPERATORS = Cure("查看本企业的操作员", "enterprises:keys")
_OF_ROLE = {
    OperatorRole.MANAGER: frozenset({Right.READ, Right.FILE, Right.CONFIRM, Right.MANAGE}),
    OperatorRole.CLERK: frozenset({Right.READ, Right.FILE}),
    OperatorRole.READER: frozenset({Right.READ}),
}
_DELEGATED = "delegated_rights"
"""The login by CA key reads the delegations of today together with the user, into this attribute."""
MOST_NAMED = 5


@dataclass(frozen=True)
class Rights:
    """Holds what an operator may do today; `delegated` is the part that a manager has given for some days."""

    role: OperatorRole
    all: frozenset[Right]
    delegated: frozenset[Right] = field(default_factory=frozenset)

    def __contains__(self, right: object) -> bool:
        return right in self.all

    @property
    def is_manager(self) -> bool:
        """Answers whether the operator manages by the own role, and not for a colleague who is away."""
        return self.role == OperatorRole.MANAGER


def own_rights(key: CaKey) -> frozenset[Right]:
    """Answers the rights without delegations; it reads nothing."""
    extra = {Right.CONFIRM} if key.may_confirm else set()
    return _OF_ROLE[OperatorRole(key.role)] | extra


def rights_of(key: CaKey, *, day: date | None = None) -> Rights:
    """Reads the delegations of a clerk once, unless the login has read them together with the user."""
    kept: Rights | None = getattr(key, "_rights", None)
    if kept is not None and day is None:
        return kept
    delegated: frozenset[Right] = frozenset()
    if key.role == OperatorRole.CLERK:
        read = None if day else getattr(key.user, _DELEGATED, None)
        found = delegations_on(day or localdate()).filter(key=key).values_list("right", flat=True)
        delegated = frozenset(Right(right) for right in (found if read is None else read))
    rights = Rights(OperatorRole(key.role), own_rights(key) | delegated, delegated)
    if day is None:
        key._rights = rights  # type: ignore[attr-defined]  # for the rest of the request
    return rights


def delegations_on(day: date) -> QuerySet[OperatorDelegation]:
    return OperatorDelegation.objects.filter(ended_at__isnull=True, starts_on__lte=day, ends_on__gte=day)


def with_delegations(users: QuerySet[User]) -> QuerySet[User]:
    """Lets the login read what is delegated to the operator today without a query of its own."""
    today = delegations_on(localdate()).filter(key__user=OuterRef("pk"), key__role=OperatorRole.CLERK)
    return users.annotate(**{_DELEGATED: ArraySubquery(today.values("right"))})


def managers_of(enterprise_id: int, *, now: datetime) -> QuerySet[CaKey]:
    """Finds the managers who can log in: their keys are neither blocked nor expired."""
    return usable_keys(enterprise_id, now=now).filter(role=OperatorRole.MANAGER)


def usable_keys(enterprise_id: int, *, now: datetime) -> QuerySet[CaKey]:
    return CaKey.objects.filter(enterprise_id=enterprise_id, blocked_at__isnull=True, valid_to__gte=now)


def why_not(user: User, right: Right) -> Finding | None:
    """Answers the refusal of an operator who lacks the right, with the names of those who have it."""
    key: CaKey = user.ca_key
    rights = rights_of(key)
    return None if right in rights else lacks(rights, right, holders(key.enterprise_id, right))


def holders(enterprise_id: int, right: Right) -> list[str]:
    """Answers the names of the operators who may act so today, the managers first."""
    now = timezone.now()
    today = delegations_on(localdate(now)).filter(key__enterprise_id=enterprise_id, right=right).values("key_id")
    may = Q(role=OperatorRole.MANAGER) | Q(pk__in=today, role=OperatorRole.CLERK)
    if right == Right.CONFIRM:
        may |= Q(may_confirm=True)
    if right == Right.FILE:
        may |= Q(role=OperatorRole.CLERK)
    found = usable_keys(enterprise_id, now=now).filter(may).order_by("-role", "pk")
    return list(found.values_list("operator_name", flat=True)[: MOST_NAMED + 1])


def lacks(rights: Rights, right: Right, names: list[str]) -> Finding:
    """Says what the operator lacks, who has it, and how a manager gives it."""
    role = rights.role.label
    shown = "、".join(names[:MOST_NAMED]) + ("等" if len(names) > MOST_NAMED else "")
    who = f"本企业可以{right.label}的操作员：{shown}。" if names else NOBODY
    how = {
        Right.FILE: "需要您自己办理的，请管理员在“CA 锁与操作员”中把您改为经办人。",
        Right.CONFIRM: "需要您自己确认的，请管理员在“CA 锁与操作员”中打开您的业务确认，或者授权您几天。",
    }.get(right, "管理员不在的，可以由管理员事先授权几天。")
    return Finding(
        "operator.no_right",
        f"您是{role}，不能{right.label}",
        f"{who}{how}",
        turn="本企业管理员" if right == Right.MANAGE or not names else f"本企业{shown}",
        cure=OPERATORS,
    )


NOBODY = (
    "本企业现在没有能登录的管理员：管理员的 CA 锁续期后首次登录即可恢复；"
    "锁遗失、人已离职的，用向 CA 机构新办的锁首次登录，登记为管理员。"
)
