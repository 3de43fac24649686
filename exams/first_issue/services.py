"""Opens the cases of people who passed, and asks them again where the employer has changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from certificates.issuing.first_issue import FirstIssue, issue_first
from certificates.issuing.first_issue_rules import post_of
from common.database.set_updates import update_rows
from common.findings import Finding
from employment.selectors import load_works_for
from exams.models import ExamEntry
from exams.selectors import entries_to_issue
from workflow.actors import SYSTEM, Actor
from workflow.checks import Case, Facts
from workflow.enums import Action, Desk, Status
from workflow.models import Application
from workflow.services.acting import act_many
from workflow.services.locking import lock_parties
from workflow.services.opening import open_many

from .cases import cases_of
from .rules import entry_of
from .selectors import open_applications
from .telling import tell_of_merges, tell_of_stops

T = TypeVar("T")
CHUNK = 100
COMMENT = "考试合格，系统自动提交。"
STOPPED = (
    "考试合格后受聘企业有变化，发证已暂停，考试成绩不受影响。"
    "请先与现受聘企业登记聘用关系，再确认由现受聘企业名下发证；该企业同意后继续办理。"
)


def open_first_issues(entry_ids: Collection[int], *, now: datetime | None = None) -> int:
    """Opens cases for entries that have none yet, so that it may be repeated. Answers how many were opened."""
    with transaction.atomic():
        return len(_open_locked(entry_ids, now or utc_now()))


def _open_locked(entry_ids: Collection[int], now: datetime) -> Sequence[Application]:
    """Locks the people before it reads, so that no two jobs open the same case."""
    read = ExamEntry.objects.filter(pk__in=entry_ids)
    person_ids = set(read.values_list("person_id", flat=True))
    employers = {row.enterprise_id for row in load_works_for(person_ids).employment.values()}
    lock_parties(person_ids=person_ids, enterprise_ids=employers | set(read.values_list("enterprise_id", flat=True)))
    entries = list(entries_to_issue().filter(pk__in=entry_ids).order_by("pk"))
    applications = open_many(cases_of(entries, today=localdate(now)), comment=COMMENT, now=now)
    for entry, application in zip(entries, applications, strict=True):
        entry.application = application
    update_rows(entries, ["application"])
    tell_of_stops([application.pk for application in applications if application.status == Status.RETURNED])
    return applications


def open_missing(*, now: datetime | None = None) -> int:
    """Opens the cases that a lost job failed to open, in chunks; a finished chunk stays done."""
    opened = 0
    while entry_ids := list(entries_to_issue().order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        opened += open_first_issues(entry_ids, now=now)
    return opened


def stop_moved(person_ids: Collection[int], *, now: datetime | None = None) -> int:
    """The person is asked before the province decides for an enterprise that is no longer the employer (edge case 26)."""
    waiting = (
        open_applications()
        .filter(status=Status.IN_REVIEW, desk__in=[Desk.EMPLOYER, Desk.PROVINCIAL], person__in=person_ids)
        .order_by("pk")
    )
    works_for = load_works_for(person_ids)
    moved = [
        application.pk
        for application in waiting
        if not works_for(application.person_id or 0, application.enterprise_id)
    ]
    result = act_many(moved, action=Action.RETURN, actor=SYSTEM, comment=STOPPED, now=now)
    tell_of_stops(result.done)
    return len(result.done)


def stop_open_moved(*, now: datetime | None = None) -> int:
    """Calls `stop_moved` for everybody with an open case, in chunks."""
    stopped, after = 0, 0
    while people := _people_after(after):
        stopped += stop_moved(people, now=now)
        after = people[-1]
    return stopped


def _people_after(after: int) -> list[int]:
    waiting = open_applications().filter(person__gt=after).order_by("person_id")
    return [pk for pk in waiting.values_list("person_id", flat=True).distinct()[:CHUNK] if pk is not None]


def issue_certificates(facts: Facts, *, kind: str, by: Actor, now: datetime) -> dict[int, list[Finding]]:
    """Maps an application to the reasons against its certificate; if there are any, no certificate is issued.

    The caller has taken the locks.
    """
    orders = {_needed(order_of(case, facts), case): case for case in facts.cases}
    result = issue_first(orders=list(orders), by=by, now=now, kind=kind, parameters=facts.parameters)
    if result.refused:
        return result.refused_applications
    issued = []
    for order, version in result.issued.items():
        entry = _needed(entry_of(orders[order], facts), orders[order])
        entry.certificate_id = version.certificate_id
        issued.append(entry)
    update_rows(issued, ["certificate"])
    tell_of_merges(issued)
    return {}


def _needed(found: T | None, case: Case) -> T:
    if found is None:  # `exam_passed` lets no such case through
        raise ValueError(f"{case.application_id} is about no exam")
    return found


def order_of(case: Case, facts: Facts) -> FirstIssue | None:
    """Answers None for a case that is about no exam."""
    entry = entry_of(case, facts)
    if entry is None:
        return None
    return FirstIssue(
        person_id=entry.person_id,
        category=entry.category,
        enterprise_id=case.enterprise_id or 0,
        post=post_of(case),
        application_id=case.application_id,
        summary=f"{entry.batch.name}合格",
    )
