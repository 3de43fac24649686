"""Ends the open applications of a person who has died."""

from __future__ import annotations

from accounts.deaths.steps import Death
from accounts.models import Person
from administration.messages.services import OutgoingMessage, send
from workflow.business import business_of
from workflow.enums import CloseReason, Party
from workflow.models import Application

from .acting import close_overtaken
from .locking import lock_applications


def name_open(person: Person) -> list[str]:
    return [f"{business_of(row.kind).title} {row.number} 终止办理" for row in _open(person)]


def enterprises_of_open(person: Person) -> list[int]:
    rows = _open(person)
    return [pk for row in rows for pk in (row.enterprise_id, row.former_enterprise_id) if pk is not None]


def close_open(death: Death) -> list[int]:
    """Locks the enterprises of all later steps too, since this is the first one."""
    rows = lock_applications([row.pk for row in _open(death.person)], extra_enterprises=death.enterprise_ids)
    ids = [row.pk for row in rows if row.is_open]
    close_overtaken(ids, reason=CloseReason.PERSON_DIED, comment=f"本人已去世（{death.document}）。", now=death.now)
    told = [row for row in rows if row.pk in ids and row.filed_by == Party.PERSON and row.enterprise is not None]
    send(
        OutgoingMessage(
            row.enterprise.mailbox_id,
            f"已终止：{death.person.name}的{business_of(row.kind).title} {row.number}",
            "本人已去世，办件终止办理，贵单位不需要再确认。",
            "/enterprise/",
            event="case_closed",
        )
        for row in told
        if row.enterprise is not None
    )
    return ids


def name_closed(death: Death) -> list[str]:
    rows = Application.objects.filter(pk__in=death.ended).order_by("pk")
    return [f"{business_of(row.kind).title} {row.number}：办件已终止，不自动恢复，仍需办理的重新申请。" for row in rows]


def _open(person: Person) -> list[Application]:
    return list(Application.objects.filter(person=person, is_open=True).order_by("pk"))
