"""Describes the way of an application and its record, for the page that every party sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from administration.calendar.working_days import load_working_days
from administration.parameters.book import ParameterBook
from workflow.business import Business, business_of
from workflow.steps import Step

from ..actors import Actor
from ..enums import ACTIONS_AT_DESK, INSIDE_OFFICES, OFFICE_DESKS, Action, Desk, Party, Status
from ..models import Application, CaseNote, Event
from ..originals import Seen, seen_in
from .awaited import awaited_of
from .expected import expected_end
from .lists import Due, due_of, filer_word, holder_of, is_at_filer, status_text

STEP_WORDS = {
    Desk.PERSON: "本人确认",
    Desk.FORMER_EMPLOYER: "证书所在单位确认",
    Desk.EMPLOYER: "受聘企业确认",
}
APPROVED_WORDS = {
    Desk.PERSON: "本人同意",
    Desk.FORMER_EMPLOYER: "证书所在单位同意",
    Desk.EMPLOYER: "受聘企业同意",
    Desk.COUNTER: "原件核验通过",
    Desk.MUNICIPAL: "地市审核通过",
    Desk.PROVINCIAL: "省厅审核通过",
    Desk.ORGANISER: "考试机构审核通过",
}
TONES = {
    Action.APPROVE: "good",
    Action.RETURN: "warn",
    Action.ESCALATE: "warn",
    Action.REMIND: "warn",
    Action.REROUTE: "warn",
    Action.ASK: "warn",
    Action.RECOUNT: "warn",
    Action.FLAG: "warn",
    Action.UNFLAG: "good",
    Action.REJECT: "bad",
    Action.CLOSE: "bad",
}
_SYSTEM = frozenset(
    {
        Action.SKIP,
        Action.ESCALATE,
        Action.CLOSE,
        Action.DEEM_ACCEPTED,
        Action.REMIND,
        Action.RECOUNT,
        Action.FLAG,
        Action.UNFLAG,
    }
)
CLARIFYING = "主管部门之间正在核实，不需要您做什么；办理期限照常计算"
INSIDE = "只有主管部门看得到"
_PASSED = (Action.APPROVE, Action.SKIP, Action.ESCALATE)


@dataclass(frozen=True)
class WayStep:
    """The state is done, now, todo, skipped or stopped."""

    label: str
    state: str
    date: date | None = None
    holder: str = ""
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """Describes one line of the record."""

    title: str
    at: datetime
    by: str
    comment: str
    note: str
    tone: str


@dataclass(frozen=True)
class OriginalsSeen:
    """Holds the originals as a desk last saw them. Only offices read where the paper lies (`shows_archive`)."""

    at: datetime
    by: str
    lines: list[Seen]
    shows_archive: bool


@dataclass(frozen=True)
class Progress:
    steps: list[WayStep]
    entries: list[Entry]
    holder: str
    desk_label: str
    due: Due | None
    status_text: str
    last_event_id: int
    originals: OriginalsSeen | None
    expected: date | None = None


def step_label(step: Step) -> str:
    desk = Desk(step.desk)
    return str(STEP_WORDS.get(desk, desk.label))


def clock_text(business: Business, step: Step, parameters: ParameterBook, on: date) -> str:
    """Says how long the desk may take, by the parameters of that day; "" for a desk without a clock."""
    if not step.clock:
        return ""
    length = parameters.integer(step.clock, on)
    earlier = business.steps[: business.steps.index(step)]
    after = "受理后 " if step.days and not step.accepts and any(one.accepts for one in earlier) else ""
    return f"{after}{length} {'天' if step.calendar_days else '个工作日'}内"


def progress_of(application: Application, viewer: Actor) -> Progress:
    """Answers the progress of an application that was read with its parties."""
    business = business_of(application.kind)
    events = list(Event.objects.filter(application=application).order_by("pk"))
    days, book, today = load_working_days(), ParameterBook.load(), localdate()
    due = due_of(application, days, today=today)
    way = _Way(application, business, events, holder_of(application, viewer), due, book)
    return Progress(
        steps=way.steps(),
        entries=_entries(application, business, events, viewer),
        holder=holder_of(application, viewer),
        desk_label=_desk_label(application),
        due=due,
        status_text=status_text(application),
        last_event_id=events[-1].pk if events else 0,
        originals=_originals_seen(events, viewer),
        expected=expected_end(application, book, days, today=today),
    )


def _originals_seen(events: Sequence[Event], viewer: Actor) -> OriginalsSeen | None:
    for event in reversed(events):
        if lines := seen_in(event.detail):
            return OriginalsSeen(event.at, _by(event, viewer), lines, viewer.party == Party.OFFICE)
    return None


def _desk_label(application: Application) -> str:
    if not application.is_open:
        return ""
    desk = Desk(application.desk)
    if application.asked_from:
        return f"{desk.label}（应“{Desk(application.asked_from).label}”要求核实）"
    return "补正" if is_at_filer(application) else str(STEP_WORDS.get(desk, desk.label))


@dataclass(frozen=True)
class _Way:
    application: Application
    business: Business
    events: Sequence[Event]
    holder: str
    due: Due | None
    parameters: ParameterBook

    def steps(self) -> list[WayStep]:
        passed = _passed(self.business, self.events)
        between = [self._step(step, passed.get(step.desk)) for step in self.business.steps_of(self.application)]
        return [self._first(), *between, self._last()]

    @property
    def _stopped(self) -> Event | None:
        """Answers the event that ended it without success."""
        ended = self.application.status in (Status.REJECTED, Status.WITHDRAWN, Status.CLOSED)
        return self.events[-1] if ended and self.events else None

    def _first(self) -> WayStep:
        who, stopped = filer_word(self.application), self._stopped
        if self.application.status == Status.DRAFT:
            return WayStep(f"{who}填写", "now")
        if self.application.status == Status.RETURNED:
            return WayStep(f"{who}补正", "now", holder=self.holder, note=_before(self.due))
        if stopped is not None and stopped.desk == Desk.FILER:
            return WayStep(f"{who}补正", "stopped", localdate(stopped.at), note=status_text(self.application))
        filed = self.application.first_submitted_at
        return WayStep(f"{who}提交", "done", localdate(filed) if filed else None)

    def _step(self, step: Step, event: Event | None) -> WayStep:
        label, stopped = step_label(step), self._stopped
        if self.application.is_open and self.application.desk == step.desk:
            asked = "正在核实" if self.application.asked_from else ""
            return WayStep(label, "now", holder=self.holder, note="，".join(filter(None, [asked, _before(self.due)])))
        if stopped is not None and stopped.desk == step.desk:
            return WayStep(label, "stopped", localdate(stopped.at), note=status_text(self.application))
        if event is not None and event.action == Action.APPROVE:
            return WayStep(label, "done", localdate(event.at))
        if event is not None:
            return WayStep(label, "skipped", note=event.comment)
        if self.application.closed_at is not None:
            return WayStep(label, "todo")
        reason = step.reason_to_skip(self.application)
        if reason:
            return WayStep(label, "skipped", note=reason)
        return WayStep(label, "todo", note=clock_text(self.business, step, self.parameters, localdate()))

    def _last(self) -> WayStep:
        """An approved application whose document is not signed is not at its end."""
        closed = self.application.closed_at
        if self.application.status == Status.APPROVED and closed:
            if awaited := awaited_of(self.application.pk):
                return WayStep(self.business.outcome, "now", note=awaited.text)
            return WayStep(self.business.outcome, "done", localdate(closed))
        return WayStep(self.business.outcome, "todo")


def _passed(business: Business, events: Iterable[Event]) -> dict[str, Event]:
    """Maps a desk to the event that let the application pass it, as far as that still counts after returns."""
    passed: dict[str, Event] = {}
    for event in events:
        if event.action in _PASSED:
            passed[event.desk] = event
        elif event.action == Action.RETURN:
            passed.pop(event.desk, None)
        elif event.action == Action.RESUBMIT:
            # Changed content goes back to the employer, so what came after does not count any more.
            for desk in {event.to_desk} | {step.desk for step in business.steps_after(event.to_desk)}:
                passed.pop(desk, None)
    return passed


def _before(due: Due | None) -> str:
    if due is None:
        return ""
    day = f"{due.day.month}月{due.day.day}日"
    if due.is_late:
        return f"期限{day}，{due.text}"
    return f"{'预计 ' if due.is_provisional else ''}{day}前"


def _entries(application: Application, business: Business, events: Sequence[Event], viewer: Actor) -> list[Entry]:
    """The latest first. Offices read the notes of offices between; nobody else's page even asks for them."""
    entries = [_entry(event, business, viewer) for event in reversed(events) if _is_for(event, viewer)]
    if viewer.party != Party.OFFICE:
        return entries
    notes = CaseNote.objects.filter(application=application)
    entries += [
        Entry("内部备注", one.at, f"{one.office_name} {one.author_name}", one.text, INSIDE, "") for one in notes
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _is_for(event: Event, viewer: Actor) -> bool:
    return viewer.party == Party.OFFICE or event.action not in INSIDE_OFFICES


def _entry(event: Event, business: Business, viewer: Actor) -> Entry:
    is_system = event.action in _SYSTEM
    is_hidden = event.action in (Action.ASK, Action.ANSWER) and viewer.party != Party.OFFICE
    return Entry(
        title=_title(event, viewer),
        at=event.at,
        by=_by(event, viewer),
        comment="" if is_system or is_hidden else event.comment,
        note="；".join(filter(None, [event.comment if is_system else "", *_notes(event, business, viewer)])),
        tone=TONES.get(Action(event.action), ""),
    )


def _title(event: Event, viewer: Actor) -> str:
    action, desk = Action(event.action), Desk(event.desk) if event.desk else None
    if action in (Action.ASK, Action.ANSWER) and viewer.party != Party.OFFICE:
        return "主管部门内部核实" if action == Action.ASK else "主管部门内部核实完毕"
    if action == Action.ASK and event.to_desk:
        return f"请“{Desk(event.to_desk).label}”核实"
    if action == Action.RESUBMIT:
        return "补正后重新提交"
    if desk is None:
        return str(action.label)
    if action == Action.APPROVE:
        return str(APPROVED_WORDS.get(desk, action.label))
    if action == Action.REJECT:
        return str(action.label) if desk in OFFICE_DESKS else f"{desk.label}不同意"
    if action in (Action.RETURN, Action.SKIP):
        return f"{desk.label}{action.label}" if action == Action.RETURN else f"{desk.label}：不需要"
    return str(action.label)


def _by(event: Event, viewer: Actor) -> str:
    if event.actor_id is None:
        return "系统"
    if event.acting_for:
        # Applicants deal with an office, not with one of its members.
        own = viewer.party == Party.OFFICE or event.acting_for == viewer.acting_for
        absent = event.detail.get("on_behalf_of", "")
        name = f"{event.actor_name}（代{absent}办理）" if absent else event.actor_name
        return f"{event.acting_for} {name}" if own else event.acting_for
    return "本人" if viewer.user_id == event.actor_id else event.actor_name


def _notes(event: Event, business: Business, viewer: Actor) -> list[str]:
    findings: list[dict[str, Any]] = event.findings
    notes = []
    if findings:
        notes.append(f"系统核对 {len(findings)} 项条件，全部满足")
        notes += [f"提示：{finding['message']}" for finding in findings if finding.get("level") == "advisory"]
    notes += _originals_notes(seen_in(event.detail), viewer)
    notes += _handing_notes(event, viewer)
    step = business.step_at(event.desk)
    if step is not None and step.second_verification and event.actor_id is not None and event.action in ACTIONS_AT_DESK:
        notes.append("已通过手机端身份验证")
    return notes


def _handing_notes(event: Event, viewer: Actor) -> list[str]:
    """Says who gave the case to whom, and why; applicants read only that the office clarifies something."""
    if viewer.party != Party.OFFICE:
        return [CLARIFYING] if event.action == Action.ASK else []
    detail = event.detail
    pair = (("承办人", "assignee"), ("原承办人", "former_assignee"), ("原因", "reason"))
    return [f"{label}：{detail[key]}" for label, key in pair if detail.get(key)]


def _originals_notes(seen: Sequence[Seen], viewer: Actor) -> list[str]:
    agreed = "、".join(one.title + _kept_at(one, viewer) for one in seen if one.agrees)
    wanted = "、".join(one.wanted for one in seen if not one.agrees)
    return [
        *([f"已核对原件：{agreed}"] if agreed else []),
        *([f"原件不齐：{wanted}"] if wanted else []),
    ]


def _kept_at(seen: Seen, viewer: Actor) -> str:
    if not seen.archive_number:
        return ""
    return f"（收回存档，档案号 {seen.archive_number}）" if viewer.party == Party.OFFICE else "（已收回存档）"
