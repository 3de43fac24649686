"""Restores the employments that a dissolution ended by mistake, once the register says that the enterprise exists."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.access import audit
from accounts.models import Person, User
from administration.messages.services import OutgoingMessage, send
from common.database.set_updates import update_rows
from common.findings import Finding, Refused
from employment.models import Employment
from employment.relations.services import employment_changed
from enterprises.models import Enterprise
from workflow.services.locking import lock_parties, lock_rows

from .selectors import Restorable, ended_by_dissolution, restorable


@transaction.atomic
def restore_employments(*, enterprise_id: int, reason: str, by: User, now: datetime | None = None) -> list[Restorable]:
    """Answers every employment that the dissolution ended. Raises Refused if none of them can be restored."""
    today = localdate(now or utc_now())
    read = dict(ended_by_dissolution(enterprise_id).values_list("pk", "person_id"))
    persons, enterprises = lock_parties(person_ids=read.values(), enterprise_ids=[enterprise_id])
    enterprise = enterprises[enterprise_id]
    locked = [row for row in lock_rows(Employment, read) if not row.is_active]
    for row in locked:
        row.person = persons[row.person_id]
    rows = restorable(locked, today)
    restored = [row.employment for row in rows if not row.why_not]
    if missing := _missing(enterprise, reason, restored):
        raise Refused(*missing)
    for row in restored:
        row.ended_at, row.end_reason, row.end_note, row.end_document = None, "", "", ""
    update_rows(restored, ["ended_at", "end_reason", "end_note", "end_document"])
    _tell(enterprise, persons, restored)
    detail: dict[str, object] = {"reason": reason.strip(), "employments": [row.pk for row in restored]}
    audit.record("restore_employments", by=by, about=enterprise, detail=detail)
    employment_changed.send(sender=Employment, person_ids={row.person_id for row in restored})
    return rows


def _missing(enterprise: Enterprise, reason: str, restored: list[Employment]) -> list[Finding]:
    found = []
    if enterprise.is_gone:
        detail = "先在“工商登记查询”中确认更正后的登记，或用“数据导入”导入，再恢复聘用关系。"
        title = f"{enterprise.name}在台账中已{enterprise.get_status_display()}"
        found.append(Finding("restore.gone", title, detail, turn="登记人员"))
    if not restored:
        detail = "已经恢复过、人员已受聘于其他企业或者合同已到期的，不能恢复；仍需聘用的，由企业发起聘用。"
        found.append(Finding("restore.nobody", "没有可以恢复的聘用关系", detail, turn="企业"))
    if not reason.strip():
        found.append(Finding("restore.reason", "请写明恢复的理由", "写明更正证明的名称和文号。", turn="登记人员"))
    return found


def _tell(enterprise: Enterprise, persons: dict[int, Person], restored: list[Employment]) -> None:
    title = f"您与{enterprise.name}的聘用关系已恢复"
    body = (
        "工商登记已更正，原来因企业注销、吊销解除的聘用关系按原职务和合同期恢复。"
        "期间终止的办件和取消的考试报名不会自动恢复，仍需办理的，请重新申请、由企业重新报名。实际已不在该企业工作的，请申请解除聘用。"
    )
    notes = [
        OutgoingMessage(
            persons[row.person_id].mailbox_id, title, body, "/person/employment/", event="employment_changed"
        )
        for row in restored
    ]
    names = "、".join(persons[row.person_id].name for row in restored)
    notes.append(
        OutgoingMessage(
            enterprise.mailbox_id,
            f"{len(restored)} 名人员的聘用关系已恢复",
            f"{names}。实际已离职的，请解除聘用。",
            "/enterprise/employment/",
            event="employment_changed",
        )
    )
    send(notes)
