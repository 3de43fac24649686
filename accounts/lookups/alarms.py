"""Records what the security administrator decides about unusual lookups and about the login behind them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.access import audit
from accounts.access.login_sessions import end_sessions
from accounts.access.notifications import tell_owner
from accounts.enums import SessionEnd, Sphere
from accounts.models import Person, User
from administration.models import LookupAlarm
from common.findings import Finding, Refused


@transaction.atomic
def mark_seen(pk: int, *, remark: str, by: User, now: datetime) -> None:
    alarm = LookupAlarm.objects.select_for_update(no_key=True).get(pk=pk)
    if alarm.user_id == by.pk:
        raise Refused(Finding("lookup_alarm.own", "不能复核自己的查询", "请由另一名安全管理员办理。"))
    if not remark.strip():
        raise Refused(Finding("lookup_alarm.remark", "没有填写复核情况", "请写明核实了什么、怎么处理。"))
    alarm.seen_at, alarm.seen_by, alarm.remark = now, by.name, remark.strip()
    alarm.save(update_fields=["seen_at", "seen_by", "remark"])
    audit.record("see_lookup_alarm", by=by, about=alarm, detail={"reasons": alarm.reasons, "remark": alarm.remark})


@transaction.atomic
def close_login(user: User, *, reason: str, by: User) -> None:
    """Closes the login and its sessions at once; `open_login` opens it again, or for staff the system administrator."""
    _check(user, reason, by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user, why=SessionEnd.DISABLED)
    audit.record("close_login", by=by, about=user, detail={"reason": reason.strip()})
    tell_owner(user, "登录账号已由安全管理员停用", f"原因：{reason.strip()}。有疑问的，请联系安全管理员。")


@transaction.atomic
def open_login(user: User, *, reason: str, by: User) -> None:
    _check(user, reason, by)
    person = Person.objects.filter(user=user).first()
    if person is not None and (person.died_on is not None or person.merged_into_id is not None):
        detail = "先由登记点撤销死亡登记或者撤销合并，账号随之恢复。"
        raise Refused(Finding("login.person_gone", "此人已登记死亡或者登记已合并", detail, turn="登记点"))
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record("open_login", by=by, about=user, detail={"reason": reason.strip()})
    tell_owner(user, "登录账号已恢复使用", f"原因：{reason.strip()}。")


def _check(user: User, reason: str, by: User) -> None:
    if by.sphere != Sphere.SECURITY_ADMIN or user.pk == by.pk:
        raise Refused(Finding("login.closed_by", "登录账号由安全管理员停用和恢复，不能办理自己的账号。"))
    if not reason.strip():
        raise Refused(Finding("login.close_reason", "没有填写原因", "请写明原因，会告知本人。"))
