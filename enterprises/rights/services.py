"""Changes what operators may do: roles, the switch for confirming, delegations from a day to a day.

Each write locks the enterprise first, so that two managers who take the role from each other at the same moment come
one after the other, and the second is refused: an enterprise always keeps a manager who can log in.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.access import audit
from accounts.access.rights import Right
from administration.messages.services import OutgoingMessage, send
from common.database.constraints import refused_by_constraints
from common.dates import chinese_date
from common.findings import Finding, Refused
from enterprises.enums import OperatorRole
from enterprises.models import CaKey, Enterprise, OperatorDelegation
from enterprises.models.keys import DELEGABLE

from .rules import MOST_NAMED, OPERATORS, Rights, holders, lacks, managers_of, rights_of

LONGEST = 366
"""Days. Whoever does it for longer gets another role instead."""


def lock_managing(by: CaKey, *, now: datetime) -> tuple[CaKey, Rights]:
    """Locks the enterprise and answers the author as stored now. Raises Refused for one who manages no more."""
    Enterprise.objects.select_for_update(no_key=True).get(pk=by.enterprise_id)
    author = CaKey.objects.select_related("user", "enterprise").get(pk=by.pk)
    rights = rights_of(author, day=localdate(now))
    if author.blocked_at is not None:
        raise Refused(Finding("operator.blocked", "您的 CA 锁刚被停用，不能再办理", "请联系本企业管理员。"))
    if Right.MANAGE not in rights:
        raise Refused(lacks(rights, Right.MANAGE, holders(author.enterprise_id, Right.MANAGE)))
    return author, rights


def findings_on(author: CaKey, rights: Rights, key: CaKey, *, now: datetime) -> list[Finding]:
    """Answers why this author may not change this operator: a delegation does not reach managers, nor its own holder."""
    if rights.is_manager:
        return []
    managers = managers_of(author.enterprise_id, now=now).order_by("pk")
    turn = "本企业管理员" + "、".join(managers.values_list("operator_name", flat=True)[:MOST_NAMED])
    if key.role == OperatorRole.MANAGER:
        said = "代管期间不能更改、停用管理员"
        return [Finding("operator.of_managers", said, "您是按授权代管操作员的。", turn=turn, cure=OPERATORS)]
    if key.pk == author.pk:
        said = "代管期间不能更改自己的权限"
        return [Finding("operator.own_rights", said, "您是按授权代管操作员的。", turn=turn, cure=OPERATORS)]
    return []


def findings_on_last_manager(key: CaKey, *, now: datetime) -> list[Finding]:
    """Answers the refusal if this is the only manager who can log in. The enterprise must be locked."""
    if key.role != OperatorRole.MANAGER or managers_of(key.enterprise_id, now=now).exclude(pk=key.pk).exists():
        return []
    return [
        Finding(
            "operator.last_manager",
            f"{key.operator_name}是本企业唯一能登录的管理员，不能停用，也不能改为其他角色",
            "请先把另一名操作员设为管理员（其 CA 锁应在有效期内且没有停用），再办理这一项。",
            turn="本企业管理员",
            cure=OPERATORS,
        )
    ]


@transaction.atomic
def set_role(*, key_id: int, role: OperatorRole, may_confirm: bool, by: CaKey, now: datetime) -> CaKey:
    """A manager says what an operator may do. Delegations of whoever is no clerk any more end.

    Raises Refused with every reason, and CaKey.DoesNotExist for a key of another enterprise.
    """
    author, rights = lock_managing(by, now=now)
    key = CaKey.objects.select_for_update(of=("self",)).get(pk=key_id, enterprise_id=author.enterprise_id)
    confirms = {OperatorRole.MANAGER: True, OperatorRole.READER: False}.get(role, may_confirm)
    if (key.role, key.may_confirm) == (role, confirms):
        return key
    findings = findings_on(author, rights, key, now=now)
    if role == OperatorRole.MANAGER and not rights.is_manager:
        findings.append(Finding("operator.appoints", "代管期间不能任命管理员", turn="本企业管理员", cure=OPERATORS))
    if role != OperatorRole.MANAGER:
        findings += findings_on_last_manager(key, now=now)
    if findings:
        raise Refused(*findings)
    former = {"former_role": key.role, "former_may_confirm": key.may_confirm}
    key.role, key.may_confirm = role, confirms
    key.save(update_fields=["role", "may_confirm"])
    if role != OperatorRole.CLERK:
        _end(
            OperatorDelegation.objects.filter(key=key, ended_at__isnull=True, ends_on__gte=localdate(now)), author, now
        )
    audit.record("operator.role", by=author.user, about=key, detail={**former, "role": role, "may_confirm": confirms})
    tell(author, f"{key.operator_name}的角色已改为{role.label}", _confirming(key))
    return key


def _confirming(key: CaKey) -> str:
    return "可以业务确认" if key.may_confirm else "不能业务确认"


@transaction.atomic
def delegate(
    *, key_id: int, right: Right, starts_on: date, ends_on: date, by: CaKey, now: datetime
) -> OperatorDelegation:
    """A manager lets a clerk confirm or manage for some days. Raises Refused with every reason."""
    author, rights = lock_managing(by, now=now)
    key = CaKey.objects.select_for_update(of=("self",)).get(pk=key_id, enterprise_id=author.enterprise_id)
    findings = [*_not_delegable(rights, key, right), *_wrong_days(starts_on, ends_on, localdate(now))]
    if findings:
        raise Refused(*findings)
    with refused_by_constraints("delegation.twice", "请先收回原来的授权，或改选没有授权的日期。", turn="本企业管理员"):
        delegation = OperatorDelegation.objects.create(
            key=key, right=right, starts_on=starts_on, ends_on=ends_on, given_by=author.user, given_at=now
        )
    detail: dict[str, object] = {"right": right, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    audit.record("operator.delegate", by=author.user, about=key, detail=detail)
    days = f"{chinese_date(starts_on)}至{chinese_date(ends_on)}"
    tell(author, f"已授权{key.operator_name}{right.label}", f"{days}（首尾两天都算在内），到期自动结束。")
    return delegation


def _not_delegable(rights: Rights, key: CaKey, right: Right) -> list[Finding]:
    findings = []
    if not rights.is_manager:
        findings.append(
            Finding("delegation.of_delegate", "代管期间不能再授权他人", turn="本企业管理员", cure=OPERATORS)
        )
    if right not in DELEGABLE:
        findings.append(Finding("delegation.right", "只能授权业务确认和管理操作员", facts={"field": "right"}))
    if key.blocked_at is not None:
        findings.append(Finding("delegation.blocked", f"{key.operator_name}的 CA 锁已停用，不能授权"))
    if key.role != OperatorRole.CLERK:
        label = OperatorRole(key.role).label
        why = "管理员本来就有全部权限。" if key.role == OperatorRole.MANAGER else "请先改为经办人。"
        findings.append(Finding("delegation.role", f"只能授权经办人，{key.operator_name}是{label}", why))
    elif right == Right.CONFIRM and key.may_confirm:
        findings.append(Finding("delegation.not_needed", f"{key.operator_name}本来就可以业务确认，不需要授权"))
    return findings


def _wrong_days(starts_on: date, ends_on: date, today: date) -> list[Finding]:
    if ends_on < starts_on:
        return [Finding("delegation.reversed", "最后一天不能早于第一天", facts={"field": "ends_on"})]
    findings = []
    if ends_on < today:
        findings.append(Finding("delegation.past", "最后一天已经过去", facts={"field": "ends_on"}))
    if starts_on < today <= ends_on:
        said = "授权不能从过去的日子开始"
        findings.append(Finding("delegation.starts_past", said, "从今天起就可以。", facts={"field": "starts_on"}))
    if (ends_on - starts_on).days >= LONGEST:
        said = f"一次最多授权{LONGEST}天"
        findings.append(Finding("delegation.too_long", said, "长期需要的，请更改角色。", facts={"field": "ends_on"}))
    return findings


@transaction.atomic
def end_delegation(*, delegation_id: int, by: CaKey, now: datetime) -> OperatorDelegation:
    """Takes a delegation back before its last day.

    Raises Refused, and OperatorDelegation.DoesNotExist for one of another enterprise.
    """
    author, rights = lock_managing(by, now=now)
    found = OperatorDelegation.objects.select_for_update(of=("self",)).select_related("key")
    delegation = found.get(pk=delegation_id, key__enterprise_id=author.enterprise_id)
    if not rights.is_manager:
        raise Refused(Finding("delegation.of_delegate", "代管期间不能收回授权", turn="本企业管理员", cure=OPERATORS))
    if delegation.ended_at is not None or delegation.ends_on < localdate(now):
        raise Refused(Finding("delegation.over", "这次授权已经结束", "不需要再收回。", cure=OPERATORS))
    _end(OperatorDelegation.objects.filter(pk=delegation.pk), author, now)
    audit.record("operator.end_delegation", by=author.user, about=delegation.key, detail={"right": delegation.right})
    name, label = delegation.key.operator_name, Right(delegation.right).label
    tell(author, f"已收回{name}{label}的授权", "立即生效。")
    return delegation


def _end(delegations: QuerySet[OperatorDelegation], author: CaKey, now: datetime) -> None:
    delegations.update(ended_at=now, ended_by=author.user)


def tell(author: CaKey, title: str, body: str) -> None:
    """The whole enterprise reads who changed the rights of whom."""
    text = f"{body}由{author.operator_name}办理。不是本企业安排的，请管理员立即更正。"
    send([OutgoingMessage(author.enterprise.mailbox_id, title, text, reverse("enterprises:keys"), event="operators")])
