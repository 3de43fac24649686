"""Members of an office are away for some days, and a deputy with the same duties acts on what is assigned to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.enums import Duty
from accounts.models import User
from accounts.people.natural_persons import is_same_person
from administration.audit.services import record_audit
from administration.messages.services import OutgoingMessage, send
from common.dates import chinese_date
from common.findings import Finding, Refused
from common.operation.logging import request_id
from workflow.actors import Actor
from workflow.permissions import DUTY_OF_DESK

from ..models import Absence
from .auditing import author_of
from .locking import lock_rows

LONGEST = 366
"""Days. Whoever is away for longer gets other duties instead."""


@transaction.atomic
def record_absence(
    *, user: User, deputy: User, starts_on: date, ends_on: date, reason: str, actor: Actor, now: datetime | None = None
) -> Absence:
    """One records it for oneself, or the head for a colleague. Raises `Refused` with every reason."""
    now = now or utc_now()
    # Both rows are locked, so that two who would stand in for each other cannot be recorded at once.
    locked = {one.pk: one for one in lock_rows(User, [user.pk, deputy.pk])}
    user, deputy = locked[user.pk], locked[deputy.pk]
    findings = [
        *_not_allowed(actor, user),
        *_wrong_days(starts_on, ends_on, localdate(now)),
        *_wrong_deputy(user, deputy),
    ]
    if not findings:
        findings = list(_clashes(user, deputy, starts_on, ends_on))
    if findings or actor.user_id is None:
        raise Refused(*findings)
    absence = Absence.objects.create(
        user=user,
        deputy=deputy,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        recorded_by_id=actor.user_id,
    )
    _audit("absence.record", absence, actor)
    _tell(absence, f"{user.name}请假，由{deputy.name}代办", f"{days_of(absence)}，到期自动结束。")
    return absence


@transaction.atomic
def end_absence(absence_id: int, *, actor: Actor, now: datetime | None = None) -> Absence:
    """Takes it back, or ends it before its last day. The member or the head of the office may."""
    now = now or utc_now()
    absence = (
        Absence.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "deputy").get(pk=absence_id)
    )
    if findings := _not_allowed(actor, absence.user):
        raise Refused(*findings)
    if absence.ended_at is not None or absence.ends_on < localdate(now):
        raise Refused(Finding("absence.over", "这次请假已经结束", "代办已经停止，不需要再办。"))
    absence.ended_at = now
    absence.save(update_fields=["ended_at"])
    _audit("absence.end", absence, actor)
    _tell(
        absence,
        f"{absence.user.name}的请假已结束",
        f"{absence.deputy.name}不再代办，原来指定的办件由{absence.user.name}继续办理。",
    )
    return absence


def _not_allowed(actor: Actor, user: User) -> list[Finding]:
    is_own = actor.user_id == user.pk
    heads = Duty.HEAD in actor.duties and actor.office_id == user.office_id
    if is_own or heads:
        return []
    detail = "请本人登记，或请本部门有“科室负责人”职责的人登记。"
    return [Finding("absence.not_allowed", "只能登记本人或本科室人员的请假", detail, turn="本人或科室负责人")]


def _wrong_days(starts_on: date, ends_on: date, today: date) -> Iterator[Finding]:
    if ends_on < starts_on:
        yield Finding("absence.days", "结束日期早于开始日期", "请核对两个日期；只请一天的，填同一天。")
    elif ends_on < today:
        yield Finding("absence.days", "这段时间已经过去", "代办只对今天和以后的日子有效，请核对日期。")
    elif (ends_on - starts_on).days >= LONGEST:
        yield Finding(
            "absence.days", f"一次最多登记 {LONGEST} 天", "更长的，请由安全管理员调整职责，并请负责人改派办件。"
        )


def _wrong_deputy(user: User, deputy: User) -> Iterator[Finding]:
    if user.pk == deputy.pk:
        yield Finding("absence.deputy", "代办人不能是请假人本人", "请选择本部门另一名有同样职责的人。")
        return
    if is_same_person(user, deputy):
        yield Finding("absence.deputy", f"{deputy.name}与请假人是同一人的两个账号", "代办须由另一人办理，请另选一人。")
    if not deputy.is_active or deputy.office_id != user.office_id:
        yield Finding("absence.deputy", f"{deputy.name}不是本部门在岗人员", "请选择本部门账号启用的人员。")
    wanted = [duty for duty in DUTY_OF_DESK.values() if duty in user.duties]
    if not wanted:
        yield Finding("absence.duty", f"{user.name}没有办件审批职责", "没有需要代办的办件，不必登记。")
    if missing := [duty.label for duty in wanted if duty not in deputy.duties]:
        detail = "代办人须有同样的职责。请另选一人，或请安全管理员先增加职责。"
        yield Finding("absence.duty", f"{deputy.name}没有“{'、'.join(missing)}”职责", detail, turn="安全管理员")


def _clashes(user: User, deputy: User, starts_on: date, ends_on: date) -> Iterator[Finding]:
    """Finds what overlaps: an absence of the same member, of the deputy, or one in which this member is the deputy."""
    open_rows = Absence.objects.filter(ended_at__isnull=True, starts_on__lte=ends_on, ends_on__gte=starts_on)
    for one in open_rows.filter(user=user).select_related("deputy").order_by("pk"):
        said = f"{user.name}{days_of(one)}已登记请假，由{one.deputy.name}代办"
        yield Finding("absence.overlap", said, "两次请假不能重叠。请先结束原来的，或改日期。")
    for one in open_rows.filter(user=deputy).order_by("pk"):
        said = f"{deputy.name}{days_of(one)}自己请假"
        yield Finding("absence.circle", said, "请假的人不能代办，否则没有人办理。请另选一人，或改日期。")
    for one in open_rows.filter(deputy=user).select_related("user").order_by("pk"):
        said = f"{user.name}{days_of(one)}正在代{one.user.name}办理"
        yield Finding("absence.circle", said, f"请先为{one.user.name}另选代办人，再登记{user.name}的请假。")


def days_of(absence: Absence) -> str:
    first, last = chinese_date(absence.starts_on), chinese_date(absence.ends_on)
    return first if first == last else f"{first}至{last}"


def _audit(action: str, absence: Absence, actor: Actor) -> None:
    record_audit(
        action=action,
        actor_id=actor.user_id,
        actor_name=actor.name,
        sphere=author_of(actor).sphere,
        object_type="accounts.user",
        object_id=absence.user_id,
        detail={
            "deputy": absence.deputy.name,
            "from": absence.starts_on.isoformat(),
            "to": absence.ends_on.isoformat(),
            "reason": absence.reason,
        },
        request_id=request_id.get()[:40],
    )


def _tell(absence: Absence, title: str, text: str) -> None:
    box = absence.user.office.mailbox_id if absence.user.office else None
    send([OutgoingMessage(box, title, text, "/office/absences/", event="office_work")])
