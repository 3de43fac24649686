"""Moves locked applications from desk to desk, in sets: clocks, holders, events, messages."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from administration.calendar.working_days import WorkingDays, load_working_days
from administration.messages.services import OutgoingMessage, mark_done, send
from administration.models import Office
from administration.offices.selectors import Routing
from administration.parameters.book import ParameterBook
from common.database.set_updates import update_rows
from common.dates import chinese_date
from common.findings import Finding, Refused
from workflow.actors import SYSTEM, Actor
from workflow.business import business_of, digest
from workflow.enums import ACTIONS_AT_DESK, Action, CloseReason, Desk, Party, Status
from workflow.models import Application, Attachment, Event
from workflow.originals import SCAN, bring_sentence
from workflow.permissions import serves
from workflow.selectors.events import last_approvals
from workflow.signals import applications_opened_or_closed
from workflow.steps import Step

from .auditing import audit_decisions
from .letters import order_letters
from .stuck import NO_OFFICE

CONTENT = "content"
"""Key of an event's detail: the digest of what a desk compared with originals (`desk_to_compare_again`)."""
AFTER_CLOSE = {
    Status.APPROVED: "打开办件可以直接查看和下载结果。",
    Status.REJECTED: "接下来可以怎么办、由谁办、到哪天，打开办件都有说明。",
    Status.CLOSED: "怎样重新申请，打开办件有说明。",
}
"""The page of the application says it in full (`workflow/selectors/outcomes.py`)."""
WRITTEN = [
    "enterprise", "former_enterprise", "region", "payload", "payload_digest", "approvers", "flags", "was_returned",
    "deemed_accepted", "stuck", "stuck_codes", "status", "close_reason", "desk", "returned_from",
    "holder_person", "holder_enterprise", "holder_office", "due_on", "due_is_provisional", "days_left", "first_submitted_at",
    "desk_entered_at", "accepted_at", "closed_at", "assignee", "chosen_office", "chosen_desk", "asked_from", "asked_by",
    "clock_from", "clock_days",
]  # fmt: skip


@dataclass
class Transitions:
    """Collects what happened to locked applications of one batch and writes it in a constant number of queries."""

    actor: Actor
    now: datetime
    parameters: ParameterBook
    events: list[Event] = field(default_factory=list)
    outgoing: list[OutgoingMessage] = field(default_factory=list)
    opened_or_closed: list[int] = field(default_factory=list)
    batch: uuid.UUID = field(default_factory=uuid.uuid4)
    _routing: Routing | None = None
    _working_days: WorkingDays | None = None

    @property
    def today(self) -> date:
        return localdate(self.now)

    @property
    def routing(self) -> Routing:
        self._routing = self._routing or Routing()
        return self._routing

    @property
    def working_days(self) -> WorkingDays:
        self._working_days = self._working_days or load_working_days()
        return self._working_days

    # Recording

    def record(
        self,
        application: Application,
        action: Action,
        *,
        desk: str = "",
        comment: str = "",
        detail: dict[str, Any] | None = None,
        findings: Iterable[Finding] = (),
        by: Actor | None = None,
    ) -> None:
        by = by or self.actor
        self.events.append(
            Event(
                application=application,
                at=self.now,
                action=action,
                desk=desk,
                to_desk=application.desk,
                status=application.status,
                actor_id=by.user_id,
                actor_name=by.name,
                acting_for=by.acting_for,
                comment=comment,
                detail=detail or {},
                findings=[finding.as_json() for finding in findings],
                batch=self.batch,
            )
        )

    def write(self, applications: Sequence[Application]) -> None:
        update_rows(applications, WRITTEN)
        for event in self.events:  # now, when the effects have asked theirs too
            event.parameters = self.parameters.used_for(event.application_id)
        Event.objects.bulk_create(self.events)
        order_letters(self.events, by=self.actor, parameters=self.parameters, now=self.now)
        audit_decisions(self.events, self.actor)
        decided = [event.application.number for event in self.events if event.action in ACTIONS_AT_DESK]
        if self.actor.office_id is not None and decided:
            links = [f"/applications/{number}/" for number in decided]
            mark_done(self.actor.office_id, links, now=self.now)
        send(self.outgoing)
        if self.opened_or_closed:
            applications_opened_or_closed.send(sender=Application, application_ids=self.opened_or_closed, now=self.now)
        self.events, self.outgoing, self.opened_or_closed = [], [], []

    @contextmanager
    def recording(
        self,
        application: Application,
        action: Action,
        *,
        desk: str,
        comment: str = "",
        detail: dict[str, Any] | None = None,
        findings: Iterable[Finding] = (),
    ) -> Iterator[None]:
        """Records an act with the state in which the block leaves the application.

        The event stands before those of the steps that the block skips.
        """
        position = len(self.events)
        yield
        self.record(application, action, desk=desk, comment=comment, detail=detail, findings=findings)
        self.events.insert(position, self.events.pop())

    # Moving

    def enter_next(self, application: Application, *, after: str) -> bool:
        """Moves it to the first step behind `after` that applies. Answers False when none is left: the decision is complete."""
        for step, reason in business_of(application.kind).steps_ahead(application, after):
            if reason:
                application.desk = step.desk
                self.record(application, Action.SKIP, desk=step.desk, comment=reason, by=SYSTEM)
                continue
            self.enter(application, step)
            return True
        return False

    def enter(self, application: Application, step: Step, *, days: int | None = None) -> None:
        """`days` are working days left from before a return; None starts the step's own clock."""
        is_back = step.desk == application.returned_from
        application.status = Status.IN_REVIEW
        application.desk = step.desk
        application.returned_from = application.asked_from = ""
        application.asked_by = application.days_left = None
        application.desk_entered_at = self.now
        application.stuck, application.stuck_codes = "", []
        self._hand_to_holder(application, step)
        if not (is_back and serves(application.assignee, application.holder_office_id, step.desk)):
            application.assignee = None
        if step.accepts and days is None:
            # What has changed after an acceptance is accepted anew, and the clock of the decision runs from then.
            application.accepted_at = None
        self._start_clock(application, step, days)
        who = application.enterprise if step.desk == Desk.PERSON else application.person or application.enterprise
        asked = f"{who.name}提出，" if who else ""
        until = f"请在{chinese_date(application.due_on)}（含）前处理。" if application.due_on else "请及时处理。"
        self.tell_holder(application, "待办", asked + until)

    def _hand_to_holder(self, application: Application, step: Step) -> None:
        application.holder_person_id = application.holder_enterprise_id = application.holder_office_id = None
        if step.desk == Desk.PERSON:
            application.holder_person_id = application.person_id
        elif step.desk == Desk.EMPLOYER:
            application.holder_enterprise_id = application.enterprise_id
        elif step.desk == Desk.FORMER_EMPLOYER:
            application.holder_enterprise_id = application.former_enterprise_id
        else:
            office = self.office_for(application, step.desk)
            if office is None:
                raise Refused(
                    Finding(
                        NO_OFFICE[step.desk],
                        f"{application.region.name}没有设置“{Desk(step.desk).label}”的办理部门",
                        "申请内容已保存。请联系省厅在“受理范围”中补充后再提交。",
                        turn="省厅系统管理员",
                    )
                )
            application.holder_office = office

    def office_for(self, application: Application, desk: str) -> Office | None:
        """The office that a head has chosen for this desk comes before the one that the routing names, while it still
        serves such a desk; the one that the business names for a desk comes before both.
        """
        if (named := business_of(application.kind).office_at(application, desk)) is not None:
            return Office.objects.filter(pk=named, is_active=True).first()
        chosen = application.chosen_office_id if application.chosen_desk == desk else None
        if chosen is not None and (office := self.routing.serving(desk).get(chosen)):
            return office
        return self.routing.office(application.region_id, desk)

    def _start_clock(self, application: Application, step: Step, days: int | None) -> None:
        application.due_on, application.due_is_provisional = None, False
        application.clock_from = application.clock_days = None
        if not step.clock:
            return
        length = self._parameter(application, step.clock) if days is None else days
        if step.calendar_days:
            application.due_on = self.today + timedelta(days=length)
            return
        # The clock of a deciding desk starts at acceptance, which may have been earlier than the desk was reached.
        start = (
            localdate(application.accepted_at)
            if application.accepted_at and not step.when_overdue and days is None and not step.accepts
            else self.today
        )
        application.clock_from, application.clock_days = start, length
        application.due_on, application.due_is_provisional = self.working_days.add(start, length)

    def _parameter(self, application: Application, key: str) -> int:
        """Reads the parameter as of the day on which the desk is entered."""
        with self.parameters.noting(application.pk):
            return self.parameters.integer(key, self.today)

    def tell_holder(self, application: Application, heading: str, text: str) -> None:
        title = business_of(application.kind).title
        box, link = self._holder_box(application)
        self.outgoing.append(
            OutgoingMessage(box, f"{heading}：{title} {application.number}", text, link, event="case_waiting")
        )

    def _holder_box(self, application: Application) -> tuple[int | None, str]:
        link = f"/applications/{application.number}/"
        if application.holder_person_id:
            return application.person.mailbox_id if application.person else None, link
        if application.holder_enterprise_id:
            holder = (
                application.enterprise if application.desk != Desk.FORMER_EMPLOYER else application.former_enterprise
            )
            return holder.mailbox_id if holder else None, link
        return (application.holder_office.mailbox_id if application.holder_office else None, link)

    def return_to_filer(
        self, application: Application, *, comment: str, detail: Mapping[str, Any] | None = None
    ) -> None:
        if application.due_on is not None:
            application.days_left = max(self.working_days.between(self.today, application.due_on), 0)
        application.returned_from = application.desk
        application.was_returned = True
        application.status = Status.RETURNED
        application.desk = Desk.FILER
        application.desk_entered_at = self.now
        application.holder_office_id = None
        by_person = application.filed_by == Party.PERSON
        application.holder_person_id = application.person_id if by_person else None
        application.holder_enterprise_id = None if by_person else application.enterprise_id
        application.due_on = self.today + timedelta(days=self._parameter(application, "supplement_days"))
        application.due_is_provisional = False
        application.clock_from = application.clock_days = None
        title = business_of(application.kind).title
        box, link = self._filer_box(application)
        body = " ".join(filter(None, [comment, bring_sentence(detail or {})]))
        self.outgoing.append(
            OutgoingMessage(box, f"请补正：{title} {application.number}", body, link, event="case_returned")
        )

    def close(
        self, application: Application, status: Status, *, reason: CloseReason | str = "", comment: str = ""
    ) -> None:
        application.status = status
        application.close_reason = reason
        application.desk = application.returned_from = ""
        application.holder_person_id = application.holder_enterprise_id = application.holder_office_id = None
        application.due_on, application.due_is_provisional, application.days_left = (None, False, None)
        application.clock_from = application.clock_days = application.assignee = application.asked_by = None
        application.asked_from = ""
        application.closed_at = self.now
        application.stuck, application.stuck_codes = "", []
        self.opened_or_closed.append(application.pk)
        title = business_of(application.kind).title
        outcome = CloseReason(reason).label if reason else Status(status).label
        box, link = self._filer_box(application)
        said = " ".join(filter(None, [comment, AFTER_CLOSE.get(Status(status), "")]))
        self.outgoing.append(
            OutgoingMessage(box, f"{outcome}：{title} {application.number}", said, link, event="case_closed")
        )

    def tell_filer(self, application: Application, title: str, text: str) -> None:
        box, link = self._filer_box(application)
        self.outgoing.append(OutgoingMessage(box, title, text, link, event="case_progress"))

    def tell_of_next_desk(self, application: Application, why: str = "") -> None:
        """Tells the filer who has it now and until when, unless that is the filer."""
        holder = application.holder_office or (
            application.former_enterprise if application.desk == Desk.FORMER_EMPLOYER else application.enterprise
        )
        if application.holder_person_id is not None or holder is None:
            return
        until = f"，{chinese_date(application.due_on)}前办理" if application.due_on else ""
        title = business_of(application.kind).title
        said = f"{why}现在轮到{holder.name}{until}。您不用做什么，也可以在办件页面催办。"
        self.tell_filer(application, f"办件进展：{title} {application.number}", said)

    def _filer_box(self, application: Application) -> tuple[int | None, str]:
        filer = application.person if application.filed_by == Party.PERSON else application.enterprise
        return (filer.mailbox_id if filer else None), f"/applications/{application.number}/"


def content_digests(applications: Iterable[Application]) -> dict[int, str]:
    """Answers the digest of form values and the filer's attachments for each application id, by one query."""
    wanted = {application.pk: application for application in applications}
    scans: dict[int, list[str]] = {pk: [] for pk in wanted}
    if wanted:
        kept = Attachment.objects.filter(application__in=wanted, removed_at__isnull=True)
        # A scan from a counter is no change by the filer.
        for pk, sha256 in kept.exclude(kind__startswith=SCAN).values_list("application_id", "sha256"):
            scans[pk].append(sha256)
    return {pk: digest(application.payload, scans[pk]) for pk, application in wanted.items()}


def employer_step_before(application: Application, desk: str) -> Step | None:
    """Answers the employer's step before `desk`, where the employer confirms again when the content changed."""
    before = business_of(application.kind).steps_before(application, desk)
    return next((step for step in before if step.desk == Desk.EMPLOYER), None)


def employer_asked_again(application: Application) -> Step | None:
    """Answers the employer's step to which a returned application goes again when its content is changed."""
    step = employer_step_before(application, application.returned_from)
    return step if step is not None and application.payload_digest and not step.reason_to_skip(application) else None


def desk_to_compare_again(application: Application, desk: str, content: str) -> Step | None:
    """Answers the step before `desk` that compared originals with other content or other scans than those of now."""
    before = business_of(application.kind).steps_before(application, desk)
    comparing = [step for step in before if step.originals]
    seen = last_approvals(application, [step.desk for step in comparing])
    return next((one for one in comparing if one.desk in seen and seen[one.desk].detail.get(CONTENT) != content), None)
