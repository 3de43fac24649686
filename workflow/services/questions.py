"""A reviewer asks the office's desk before about a case, and gets it back with the answer.

The clock of the case goes on meanwhile: a term of the law does not stop for a question between offices.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.models import Office
from administration.parameters.book import ParameterBook
from common.findings import Finding, Refused
from common.text.chinese import unified_lines
from workflow.actors import Actor
from workflow.permissions import marks_of, serves, why_not
from workflow.selectors.case_use import reserved_by_others, reserved_finding
from workflow.selectors.questions import desk_before, open_question

from ..enums import Action, Desk
from ..models import Application, Event
from .acting import MAX_COMMENT, on_behalf, refuse_if_changed
from .case_use import end_use
from .locking import lock_applications_as_they_are
from .transitions import Transitions


@transaction.atomic
def ask_desk_before(
    application_id: int, *, actor: Actor, words: str, seen: int | None = None, now: datetime | None = None
) -> None:
    """Raises `Refused` where no office has decided on it before, or it is not this actor's turn."""
    application, said, transitions = _prepared(application_id, Action.ASK, actor, words, seen, now)
    before = desk_before(application)
    if before is None:
        raise Refused(
            Finding(
                "question.first_desk", "前面没有主管部门办理过的环节，不能请其核实", "需要申请人补充的，请退回补正。"
            )
        )
    asking, detail = application.desk, on_behalf(application, actor)
    office = _office_of(before, before.desk, application, transitions)
    # Whoever asks is not the one who answers.
    application.approvers = sorted({*application.approvers, *marks_of(actor, asking)})
    _stand_at(application, before.desk, office, transitions)
    application.asked_from, application.asked_by_id = asking, actor.user_id
    transitions.record(application, Action.ASK, desk=asking, comment=said, detail=detail)
    transitions.tell_holder(
        application, f"请核实（{Desk(asking).label}提出）", "请答复后退回提出的环节，办理期限照常计算。"
    )
    transitions.write([application])


@transaction.atomic
def answer_question(
    application_id: int, *, actor: Actor, words: str, seen: int | None = None, now: datetime | None = None
) -> None:
    """The case goes back to the desk that asked, to the same member of staff if he or she still serves there."""
    application, said, transitions = _prepared(application_id, Action.ANSWER, actor, words, seen, now)
    answering, asking, asker = application.desk, application.asked_from, application.asked_by
    detail = on_behalf(application, actor)
    application.approvers = sorted({*application.approvers, *marks_of(actor, answering)})
    office = _office_of(open_question(application), asking, application, transitions)
    _stand_at(application, asking, office, transitions)
    application.assignee = asker if serves(asker, office.pk, asking) else None
    application.asked_from, application.asked_by = "", None
    transitions.record(application, Action.ANSWER, desk=answering, comment=said, detail=detail)
    whose = f"{application.assignee.name}：" if application.assignee is not None else ""
    transitions.tell_holder(application, f"{whose}核实已答复", "请继续办理，办理期限照常计算。")
    transitions.write([application])


def _prepared(
    application_id: int, action: Action, actor: Actor, words: str, seen: int | None, now: datetime | None
) -> tuple[Application, str, Transitions]:
    """Answers the locked case and the words as they are kept. Raises `Refused` with what stands against the act."""
    now = now or utc_now()
    said = unified_lines(words).strip()
    if not said:
        raise Refused(Finding("question.words", "请写明要核实的内容" if action == Action.ASK else "请写明核实的结果"))
    if len(said) > MAX_COMMENT:
        raise Refused(Finding("question.words", f"最多 {MAX_COMMENT} 字，现在 {len(said)} 字", "请缩短后再提交。"))
    (application,) = lock_applications_as_they_are([application_id])
    refuse_if_changed(application, seen)
    if sentence := why_not(actor, action, application, today=localdate(now)):
        raise Refused(Finding("workflow.not_now", sentence))
    if reserved := reserved_by_others([application_id], actor, now=now):
        raise Refused(reserved_finding(reserved[application_id]))
    end_use([application_id])
    return application, said, Transitions(actor, now, ParameterBook.load())


def _stand_at(application: Application, desk: str, office: Office, transitions: Transitions) -> None:
    application.desk, application.holder_office = desk, office
    application.assignee = None
    application.desk_entered_at = transitions.now


def _office_of(event: Event | None, desk: str, application: Application, transitions: Transitions) -> Office:
    """The office that acted there has it again, also where the routing of the region has changed since."""
    name = event.acting_for if event is not None else ""
    office = Office.objects.filter(name=name, is_active=True).first() or transitions.office_for(application, desk)
    if office is None:
        label = Desk(desk).label
        raise Refused(Finding("workflow.no_office", f"“{label}”现在没有办理部门", "请省厅在“受理范围”中补充后再办。"))
    return office
