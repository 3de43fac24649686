"""Writes employments. The workflow engine locks both parties; acts of one party lock them here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils.timezone import now as utc_now

from accounts.models import Person
from administration.messages.services import OutgoingMessage, send
from common.database.set_updates import update_rows
from common.dates import chinese_date
from common.findings import Finding, Refused
from common.jobs import enqueue
from employment.enums import EndReason
from employment.models import Employment, EmploymentItem, FormerTerms
from enterprises.models import Enterprise
from enterprises.register.announcing import announce_gone
from enterprises.register.dissolution import DISSOLVE, NAME
from workflow.actors import Actor
from workflow.enums import CloseReason, Party
from workflow.services.acting import close_overtaken
from workflow.services.locking import lock_parties, lock_rows

employment_changed = Signal()
"""Carries `person_ids` and is sent in the transaction, so that certificates refresh their snapshots."""


def _open_proposals() -> QuerySet[EmploymentItem]:
    """Only proposals claim a pair of person and enterprise; nothing else in this app makes claims."""
    return EmploymentItem.objects.filter(is_open=True).exclude(claim_key="")


@dataclass(frozen=True)
class NewEmployment:
    person_id: int
    enterprise_id: int
    posts: tuple[str, ...]
    contract_from: date
    contract_to: date | None
    application_id: int | None


@transaction.atomic
def start_employments(starts: Sequence[NewEmployment], *, now: datetime) -> None:
    """Carries out accepted proposals in sets: ends expired contracts first, and closes other proposals to the same
    people.
    """
    people = {start.person_id for start in starts}
    expired = lock_rows(
        Employment,
        Employment.objects.active()
        .filter(person_id__in=people, contract_to__lt=now.date())
        .values_list("pk", flat=True),
    )
    end_locked(expired, reason=EndReason.CONTRACT_EXPIRED, now=now)
    Employment.objects.bulk_create(
        Employment(
            person_id=start.person_id,
            enterprise_id=start.enterprise_id,
            posts=list(start.posts),
            contract_from=start.contract_from,
            contract_to=start.contract_to,
            started_at=now,
            started_by_id=start.application_id,
        )
        for start in starts
    )
    accepted = [start.application_id for start in starts if start.application_id is not None]
    others = _open_proposals().filter(application__person_id__in=people).exclude(application_id__in=accepted)
    close_overtaken(
        list(others.values_list("application_id", flat=True)),
        reason=CloseReason.OVERTAKEN,
        comment="对方已与其他企业建立聘用关系。",
        now=now,
    )
    employment_changed.send(sender=Employment, person_ids=people)


@dataclass(frozen=True)
class NewTerms:
    employment_id: int
    posts: tuple[str, ...]
    contract_to: date | None
    application_id: int


@transaction.atomic
def change_terms(changes: Sequence[NewTerms], *, now: datetime) -> None:
    """Carries out accepted changes in place, in sets. The caller has locked the persons.

    The row of the employment stays, and so does what refers to it; the former terms go into the history.
    """
    wanted = {change.employment_id: change for change in changes}
    rows = [row for row in lock_rows(Employment, wanted) if row.is_active]
    FormerTerms.objects.bulk_create(
        FormerTerms(
            employment=row,
            posts=row.posts,
            contract_from=row.contract_from,
            contract_to=row.contract_to,
            replaced_at=now,
            replaced_by_id=wanted[row.pk].application_id,
        )
        for row in rows
    )
    for row in rows:
        row.posts, row.contract_to = list(wanted[row.pk].posts), wanted[row.pk].contract_to
    update_rows(rows, ["posts", "contract_to"])
    employment_changed.send(sender=Employment, person_ids={row.person_id for row in rows})


ENDED_OTHERWISE = {
    EndReason.BY_ENTERPRISE: "受聘企业已解除聘用。",
    EndReason.BY_PERSON: "聘用关系已经解除。",
    EndReason.BY_OFFICE: "主管部门已解除聘用。",
    EndReason.CONTRACT_EXPIRED: "合同已到期，聘用关系已解除。",
    EndReason.ENTERPRISE_GONE: "企业已注销或吊销，聘用关系已解除。",
    EndReason.DEATH: "本人已去世，聘用关系已解除。",
}


NOTHING: Mapping[int, Any] = MappingProxyType({})


def end_locked(
    employments: Iterable[Employment],
    *,
    reason: EndReason,
    now: datetime,
    note: str = "",
    notes: Mapping[int, str] = NOTHING,
    document_number: str = "",
    applications: Mapping[int, int] = NOTHING,
) -> list[Employment]:
    """Ends those still active; the caller has locked their persons and rows, and sends `employment_changed`.

    `notes` and `applications` map an employment to its own note, and to the application that ends it. Other open
    applications to end these employments are closed.
    """
    rows = [row for row in employments if row.is_active]
    for row in rows:
        row.ended_at, row.end_reason, row.end_note = now, reason, notes.get(row.pk, note)
        row.end_document, row.ended_by_id = document_number, applications.get(row.pk)
    update_rows(rows, ["ended_at", "end_reason", "end_note", "end_document", "ended_by"])
    asked = EmploymentItem.objects.filter(is_open=True, employment__in=rows)
    _close(asked.exclude(application_id__in=applications.values()), reason, now)
    return rows


def _close(asked: QuerySet[EmploymentItem], reason: EndReason, now: datetime) -> None:
    ids = sorted(set(asked.values_list("application_id", flat=True)))
    if ids:
        close_overtaken(ids, reason=CloseReason.OVERTAKEN, comment=ENDED_OTHERWISE[reason], now=now)


@transaction.atomic
def end_by_enterprise(*, employment_id: int, actor: Actor, note: str = "", now: datetime | None = None) -> None:
    """解除聘用 needs the enterprise alone. Raises Refused when the employment is another enterprise's or has ended."""
    now = now or utc_now()
    read = Employment.objects.get(pk=employment_id)
    persons, _ = lock_parties(person_ids=[read.person_id], enterprise_ids=[read.enterprise_id])
    (employment,) = lock_rows(Employment, [employment_id])
    if actor.party != Party.ENTERPRISE or employment.enterprise_id != actor.enterprise_id:
        raise Refused(Finding("employment.not_yours", "只能解除本企业的聘用关系"))
    if not employment.is_active:
        raise Refused(Finding("employment.ended", "该聘用关系已经解除", "不需要再次操作。"))
    end_locked([employment], reason=EndReason.BY_ENTERPRISE, now=now, note=note)
    person = persons[employment.person_id]
    send(
        [
            OutgoingMessage(
                person.mailbox_id,
                f"{actor.acting_for}已解除与您的聘用关系",
                note,
                "/person/employment/",
                event="employment_ended",
            )
        ]
    )
    employment_changed.send(sender=Employment, person_ids={employment.person_id})


def _end_for_dissolved(persons: Mapping[int, Person], enterprises: Mapping[int, Enterprise], *, now: datetime) -> int:
    """The locked enterprises take nobody on; who was taken on just before they were locked is told, too."""
    active = Employment.objects.active().filter(enterprise__in=enterprises)
    ended = end_locked(
        lock_rows(Employment, active.values_list("pk", flat=True)), reason=EndReason.ENTERPRISE_GONE, now=now
    )
    people = {row.person_id for row in ended}
    told = {**persons, **Person.objects.in_bulk(people - set(persons))}
    send(_words_to(told[row.person_id], enterprises[row.enterprise_id]) for row in ended)
    announce_gone(ended=Counter(row.enterprise_id for row in ended), now=now)
    if people:
        employment_changed.send(sender=Employment, person_ids=people)
    return len(ended)


def _words_to(person: Person, enterprise: Enterprise) -> OutgoingMessage:
    when = chinese_date(enterprise.dissolved_on) if enterprise.dissolved_on else ""
    body = (
        f"工商登记显示，{enterprise.name}已{enterprise.get_status_display()}（{when}）。您名下所在单位是该企业的证书转为异常状态。"
        "请由新单位发起聘用，您在手机端确认后，办理“执业企业变更”，不需要原单位同意；不再从业的，办理“注销”。"
        "工商登记有误的，请联系企业注册地住房城乡建设主管部门。"
    )
    title = f"您与{enterprise.name}的聘用关系已解除：企业已{enterprise.get_status_display()}"
    return OutgoingMessage(person.mailbox_id, title, body, "/person/employment/", event="employment_ended")


@transaction.atomic
def dissolve_enterprises(changes: dict[int, tuple[str, date]], *, now: datetime | None = None) -> int:
    """Sets the registry status of enterprises and ends their employments and open proposals.

    `changes` maps an enterprise to its new status and the day of it. A job goes on with the cases that wait for
    these enterprises, because it has to lock the persons of the cases.
    """
    now = now or utc_now()
    ids = list(changes)
    people = set(Employment.objects.active().filter(enterprise_id__in=ids).values_list("person_id", flat=True))
    proposals = _open_proposals().filter(application__enterprise_id__in=ids)
    people |= {pk for pk in proposals.values_list("application__person_id", flat=True) if pk is not None}
    persons, enterprises = lock_parties(person_ids=people, enterprise_ids=ids)
    for pk, enterprise in enterprises.items():
        enterprise.status, enterprise.dissolved_on = changes[pk]
    update_rows(enterprises.values(), ["status", "dissolved_on"])
    close_overtaken(
        list(proposals.values_list("application_id", flat=True)),
        reason=CloseReason.ENTERPRISE_GONE,
        comment="企业已注销或吊销。",
        now=now,
    )
    enqueue("workflow.leave_dissolved", enterprise_ids=sorted(enterprises))
    return _end_for_dissolved(persons, enterprises, now=now)


DISSOLVE.register(NAME, dissolve_enterprises)
