"""合同到期: ends employments whose contract ran out, and reminds beforehand.

Both may be repeated: the rows are locked and then checked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.messages.services import OutgoingMessage, send
from administration.models import SentReminder
from administration.reminders import Reminder, bucket, claim
from common.dates import chinese_date
from employment.enums import EndReason
from employment.models import Employment
from employment.relations.services import employment_changed, end_locked
from workflow.services.locking import lock_parties, lock_rows

CHUNK = 500
STEPS = (30, 7)
"""The steps are days before the end of the contract."""
KIND = "contract"
RENEW = "续签的，请在到期前勾选后一起续签，由本人确认；到期没有续签的，聘用关系自动解除。"


def end_expired_contracts(*, now: datetime | None = None) -> int:
    """Ends employments whose contract ended before today, and answers how many."""
    now = now or utc_now()
    ended = 0
    while chunk := _expired(localdate(now)):
        ended += _end_chunk(chunk, now)
    return ended


def _expired(today: date) -> list[tuple[int, int, int]]:
    rows = Employment.objects.active().filter(contract_to__lt=today).order_by("contract_to", "pk")
    return list(rows.values_list("pk", "person_id", "enterprise_id")[:CHUNK])


@transaction.atomic
def _end_chunk(chunk: Sequence[tuple[int, int, int]], now: datetime) -> int:
    persons, enterprises = lock_parties(
        person_ids={person_id for _, person_id, _ in chunk}, enterprise_ids={pk for _, _, pk in chunk}
    )
    today = localdate(now)
    rows = [row for row in lock_rows(Employment, [pk for pk, _, _ in chunk]) if _has_run_out(row, today)]
    ended = end_locked(rows, reason=EndReason.CONTRACT_EXPIRED, now=now)
    notes = [
        OutgoingMessage(
            persons[row.person_id].mailbox_id,
            f"您与{enterprises[row.enterprise_id].name}的聘用关系已因合同到期解除",
            f"合同期至{_day(row.contract_to)}。续签合同的，请单位重新发起聘用，您在手机端确认。",
            "/person/employment/",
            event="employment_ended",
        )
        for row in ended
    ]
    for enterprise_id, own in _by_enterprise(ended).items():
        names = "、".join(persons[row.person_id].name for row in own)
        body = f"{names}。续签合同的，请重新发起聘用，由本人确认。"
        title = f"{len(own)} 名人员的聘用关系已因合同到期解除"
        notes.append(
            OutgoingMessage(
                enterprises[enterprise_id].mailbox_id,
                title,
                body,
                "/enterprise/employment/contracts/",
                event="employment_ended",
            )
        )
    send(notes)
    if ended:
        employment_changed.send(sender=Employment, person_ids={row.person_id for row in ended})
    return len(ended)


def _has_run_out(row: Employment, today: date) -> bool:
    return row.is_active and row.contract_to is not None and row.contract_to < today


def remind_of_contracts(*, now: datetime | None = None) -> int:
    """Reminds 30 and 7 days before the end, once each: every person, and every enterprise in one message."""
    now = now or utc_now()
    today = localdate(now)
    sent = 0
    while chunk := list(_unreminded(today)[:CHUNK]):
        with transaction.atomic():
            sent += _remind_chunk(chunk, today)
    return sent


def _unreminded(today: date) -> QuerySet[Employment]:
    """Answers the contracts about to end for which no reminder of the present step was sent."""
    due = Q()
    for step, nearer in zip(STEPS, (*STEPS[1:], -1), strict=True):
        sent = SentReminder.objects.filter(
            kind=KIND, object_id=OuterRef("pk"), ends_on=OuterRef("contract_to"), days=step
        )
        ends = (today + timedelta(nearer + 1), today + timedelta(step))
        due |= Q(~Exists(sent), contract_to__range=ends)
    rows = Employment.objects.active().filter(due).select_related("person", "enterprise")
    return rows.order_by("enterprise_id", "pk")


def _remind_chunk(chunk: Sequence[Employment], today: date) -> int:
    wanted = {reminder_of(row, today): row for row in chunk}
    due = [wanted[reminder] for reminder in claim(list(wanted))]
    notes = [
        OutgoingMessage(
            row.person.mailbox_id,
            f"您与{row.enterprise.name}的劳动合同将于{_day(row.contract_to)}到期",
            "续签合同的，请单位在到期前办理“续签、变更职务”，您在手机端确认，聘用关系不中断。到期没有续签的，聘用关系自动解除，证书转为异常状态。",
            "/person/employment/",
            event="contract_ending",
        )
        for row in due
    ]
    for own in _by_enterprise(due).values():
        soonest = min(row.contract_to for row in own if row.contract_to)
        title = f"{len(own)} 名人员的合同即将到期，最早{chinese_date(soonest)}"
        body = "、".join(f"{row.person.name}（{_day(row.contract_to)}）" for row in own)
        link = "/enterprise/employment/contracts/?within=30"
        notes.append(
            OutgoingMessage(
                own[0].enterprise.mailbox_id,
                title,
                f"{body}。{RENEW}",
                link,
                event="contract_ending",
            )
        )
    send(notes)
    return len(due)


def reminder_of(row: Employment, today: date) -> Reminder:
    if row.contract_to is None:
        raise ValueError(f"employment {row.pk} has no end to remind of")
    days = bucket((row.contract_to - today).days, STEPS)
    return Reminder(KIND, row.pk, row.contract_to, days if days is not None else STEPS[0])


def _by_enterprise(rows: Iterable[Employment]) -> dict[int, list[Employment]]:
    grouped: dict[int, list[Employment]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.enterprise_id, row.pk)):
        grouped[row.enterprise_id].append(row)
    return grouped


def _day(day: date | None) -> str:
    return chinese_date(day) if day else ""
