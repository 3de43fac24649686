"""Ends the employment of a person who has died, and restores it where the death was recorded in error."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.timezone import localdate

from accounts.deaths.steps import Death
from accounts.models import Person
from administration.messages.services import OutgoingMessage, send
from common.database.set_updates import update_rows
from common.dates import chinese_date
from employment.enums import EndReason
from employment.models import Employment
from employment.relations.services import employment_changed, end_locked
from enterprises.models import CaKey
from workflow.services.locking import lock_parties, lock_rows


def name_active(person: Person) -> list[str]:
    rows = _active(person)
    ended = [f"与{row.enterprise.name}的聘用关系解除，企业收到消息" for row in rows]
    same = [
        f"{row.enterprise.name}有同名的 CA 锁操作员：不会自动停用，消息中提醒企业核对"
        for row in rows
        if row.enterprise_id in _with_operator_of(person, rows)
    ]
    return ended + same


def _with_operator_of(person: Person, rows: Sequence[Employment]) -> set[int]:
    """An operator is known by the name on the key only, which proves nothing."""
    keys = CaKey.objects.filter(enterprise__in=[row.enterprise_id for row in rows], blocked_at__isnull=True)
    return set(keys.filter(operator_name=person.name).values_list("enterprise_id", flat=True))


def employers(person: Person) -> list[int]:
    return [row.enterprise_id for row in _active(person)]


def end_active(death: Death) -> list[int]:
    person = death.person
    rows = lock_rows(Employment, [row.pk for row in _active(person)])
    ended = end_locked(rows, reason=EndReason.DEATH, now=death.now, note="本人已去世。", document_number=death.document)
    when = f"（{chinese_date(death.died_on)}）" if death.died_on else ""
    body = (
        f"主管部门已登记{person.name}死亡{when}。聘用关系解除，其证书注销，在办的业务和未考的报名终止。"
        "该岗位须由其他持证人员担任的，请及时调整。"
    )
    named = _with_operator_of(person, ended)
    title = f"{person.name}已登记死亡，聘用关系解除"
    ask = f"本企业有 CA 锁操作员名为{person.name}：是同一人的，请其他操作员在“CA 锁与操作员”中停用，或向 CA 机构挂失。"
    _tell([row for row in ended if row.enterprise_id not in named], title, body)
    _tell([row for row in ended if row.enterprise_id in named], title, body + ask)
    employment_changed.send(sender=Employment, person_ids={person.pk})
    return [row.pk for row in ended]


def restore_ended(death: Death) -> list[str]:
    """Answers of each employment that stays ended why."""
    person = death.person
    read = Employment.objects.filter(pk__in=death.ended).values_list("enterprise_id", flat=True)
    _, enterprises = lock_parties(person_ids=[person.pk], enterprise_ids=read)
    rows = [row for row in lock_rows(Employment, death.ended) if row.end_reason == EndReason.DEATH]
    left, restored, today = [], [], localdate(death.now)
    is_employed = Employment.objects.active().filter(person=person).exists()
    for row in rows:
        enterprise = enterprises[row.enterprise_id]
        if enterprise.is_gone:
            left.append(f"与{enterprise.name}的聘用：企业已{enterprise.get_status_display()}，不恢复。")
        elif is_employed:
            left.append(f"与{enterprise.name}的聘用：此人已有在聘单位，不恢复。")
        elif row.contract_to is not None and row.contract_to < today:
            left.append(f"与{enterprise.name}的聘用：劳动合同已到期，不恢复；续签的，由企业重新发起聘用。")
        else:
            row.ended_at, row.end_reason, row.end_note, row.end_document = None, "", "", ""
            restored.append(row)
            is_employed = True
    update_rows(restored, ["ended_at", "end_reason", "end_note", "end_document"])
    body = "死亡登记有误，已撤销，聘用关系按原职务和合同期恢复。实际已不在贵单位的，请解除聘用。"
    _tell(restored, f"{person.name}的死亡登记已撤销，聘用关系恢复", body)
    employment_changed.send(sender=Employment, person_ids={person.pk})
    return left


def _active(person: Person) -> list[Employment]:
    return list(Employment.objects.active().filter(person=person).select_related("enterprise").order_by("pk"))


def _tell(rows: Sequence[Employment], title: str, body: str) -> None:
    found = Employment.objects.filter(pk__in=[row.pk for row in rows]).select_related("enterprise").order_by("pk")
    link = "/enterprise/employment/"
    send(OutgoingMessage(row.enterprise.mailbox_id, title, body, link, event="employment_ended") for row in found)
