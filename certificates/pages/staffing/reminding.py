"""提醒本人: tells people what only they can do about their certificates, once a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Person
from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from administration.reminders import Reminder, claim
from common.findings import Finding, Refused
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.selectors.lists import MOST_AT_ONCE
from workflow.services.auditing import author_of

from .board import Board
from .steps import OWN_CERTIFICATES, Step

KIND, EVENT = "staff_reminder", "certificate_problem"


@dataclass(frozen=True)
class Reminded:
    """`before` counts people who were reminded today already; `idle` certificates about which nothing is up to the person."""

    sent: int
    before: int
    idle: int

    @property
    def words(self) -> str:
        said = f"已提醒 {self.sent} 人。" if self.sent else "没有发出新的提醒。"
        if self.before:
            said += f"{self.before} 人今天已经提醒过，没有重复发送。"
        return said + (f"{self.idle} 本证书现在不需要本人办理，没有提醒。" if self.idle else "")


@transaction.atomic
def remind_holders(certificate_ids: Collection[int], *, actor: Actor) -> Reminded:
    """One message for a person and day, about all the certificates named. Ids that are not on the board are left out.

    Raises Refused where nobody is left, and beyond `MOST_AT_ONCE`.
    """
    today, enterprise_id = localdate(), actor.enterprise_id or 0
    board = Board(enterprise_id, today)
    wanted = sorted({one.pk for one in board.roster.held} & set(certificate_ids))
    if findings := _why_not(wanted):
        raise Refused(*findings)
    lines = board.lines(list(board.certificates({}).filter(pk__in=wanted).order_by("ends_on", "pk")))
    told: dict[int, list[Step]] = defaultdict(list)
    for line in lines:
        told[line.person.pk] += [step for step in line.steps if step.told]
    people = {line.person.pk: line.person for line in lines if told[line.person.pk]}
    due = sorted(one.object_id for one in claim([Reminder(KIND, pk, today, 0) for pk in people]))
    name = Enterprise.objects.values_list("name", flat=True).get(pk=enterprise_id)
    send(_message(people[pk], told[pk], name) for pk in due)
    detail: dict[str, object] = {"acting_for": actor.acting_for}
    record_audits("staff.remind", [(Person._meta.label_lower, pk, detail) for pk in due], by=author_of(actor))
    idle = sum(not line.may_be_reminded for line in lines)
    return Reminded(len(due), len(people) - len(due), idle)


def _why_not(wanted: Sequence[int]) -> list[Finding]:
    if not wanted:
        detail = "名单可能已经变化，请刷新后重新勾选。"
        return [Finding("staff.nobody", "请先勾选要提醒的证书", detail, turn="企业")]
    if len(wanted) > MOST_AT_ONCE:
        detail = "请用类别、职务或状态缩小范围后分几次提醒。"
        return [
            Finding("staff.too_many", f"一次最多提醒 {MOST_AT_ONCE} 本证书，现在 {len(wanted)} 本", detail, turn="企业")
        ]
    return []


def _message(person: Person, steps: Sequence[Step], enterprise: str) -> OutgoingMessage:
    """Where several things are to be done, the link leads to the certificates, which name them all."""
    links = {step.link for step in steps}
    sentences = "；".join(dict.fromkeys(step.told for step in steps))
    link = links.pop() if len(links) == 1 else OWN_CERTIFICATES
    return OutgoingMessage(
        person.mailbox_id, f"{enterprise}提醒您办理证书事项"[:200], f"{sentences}。", link, event=EVENT
    )
