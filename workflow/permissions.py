"""Decides who may act: `awaiting(actor)` lists exactly the applications on which `why_not` lets the actor decide or answer.

What is assigned to one member of an office is decided by that one, by a deputy while he or she is away, or by whoever
has taken it over (docs/adr/0021).
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils import timezone

from accounts.access.rights import Right
from accounts.credentials.reset_waits import refusal
from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind
from common.findings import Finding
from enterprises.rights.rules import OPERATORS

from .actors import Actor
from .business import Business, business_of
from .enums import ACTIONS_AT_DESK, Action, Desk, Party, Status
from .models import Application, HeldDecision, SecondLook

DUTY_OF_DESK = {
    Desk.COUNTER: Duty.COUNTER,
    Desk.MUNICIPAL: Duty.REVIEW,
    Desk.PROVINCIAL: Duty.DECIDE,
    Desk.ORGANISER: Duty.ORGANISE,
}
CLOSED = "该办件已办结，不能再处理。"
DISPUTED = "disputed"
"""Stands before the mark of whoever made the decision that a case disputes, in place of a desk."""


def desks_of(actor: Actor) -> list[Desk]:
    return [desk for desk, duty in DUTY_OF_DESK.items() if duty in actor.duties]


def awaiting(actor: Actor) -> Q:
    """Filters applications to those that wait for this actor, by one of the holder indexes."""
    if actor.party == Party.PERSON:
        return Q(is_open=True, holder_person_id=actor.person_id)
    if actor.party == Party.ENTERPRISE:
        return Q(is_open=True, holder_enterprise_id=actor.enterprise_id)
    if actor.party == Party.OFFICE:
        return at_desks(actor) & (Q(assignee__isnull=True) | Q(assignee__in=actor.assigned_as))
    return Q(pk__in=[])


def at_desks(actor: Actor, only: str = "") -> Q:
    """Filters applications to those at the actor's desks, or at this one, also what is assigned to colleagues.

    The index of queues has the cases of one desk in the order of their deadlines; of several they have to be sorted.
    """
    desks = [desk for desk in desks_of(actor) if only in ("", desk)]
    mine = Q(is_open=True, holder_office_id=actor.office_id, desk__in=desks)
    if actor.own_person_id is not None:
        mine &= ~Q(person_id=actor.own_person_id)
    for desk in desks:
        mine &= ~Q(desk=desk, approvers__overlap=_marks_elsewhere(actor, desk))
    # What is decided and can still be taken back waits for nobody.
    return mine & ~Q(pk__in=HeldDecision.objects.filter(until__gt=timezone.now()).order_by().values("application"))


def marks_of(actor: Actor, desk: str) -> list[str]:
    """Answers the marks by which a case remembers that this natural person approved it at a desk: login and identity."""
    return [f"{desk}:{token}" for token in actor.tokens]


def _marks_elsewhere(actor: Actor, desk: str) -> list[str]:
    return [mark for other in (*DUTY_OF_DESK, DISPUTED) if other != desk for mark in marks_of(actor, other)]


def needs_another(actor: Actor, application: Application) -> str | None:
    """Answers the sentence that says why another natural person of the office has to decide (four eyes), and who."""
    if actor.party != Party.OFFICE:
        return None
    desk = Desk(application.desk).label
    if actor.own_person_id is not None and application.person_id == actor.own_person_id:
        return f"这是您本人的办件，不能由您办理。请由本部门另一名有“{desk}”职责的工作人员办理。"
    if set(marks_of(actor, DISPUTED)) & set(application.approvers):
        said = "这件所争议的决定是您作出的（同一人的不同账号视为一人），不能由您办理。"
        return f"{said}请由本部门另一名有“{desk}”职责的工作人员办理。"
    passed = [other for other in DUTY_OF_DESK if other != application.desk]
    acted = [other for other in passed if set(marks_of(actor, other)) & set(application.approvers)]
    if acted:
        said = f"您已在“{Desk(acted[0]).label}”环节办理过这一办件（同一人的不同账号视为一人）"
        return f"{said}，“{desk}”环节须由另一人办理。请由本部门另一名有该职责的工作人员办理。"
    return None


def may_look_again(actor: Actor) -> Q:
    """Filters second looks to cases in which this natural person has no part, neither as decider nor as applicant."""
    fits = Q(desk__in=desks_of(actor)) & ~Q(application__approvers__overlap=_marks_anywhere(actor))
    return fits & ~Q(application__person_id=actor.own_person_id) if actor.own_person_id is not None else fits


def why_not_second_look(actor: Actor, look: SecondLook) -> str | None:
    """Answers why this person may not look at the case again, under whatever login; it is read with its application."""
    if look.looked_at is not None:
        return "这件已由同事复核。"
    if actor.party != Party.OFFICE or look.office_id != actor.office_id or look.desk not in desks_of(actor):
        return f"这件由作出决定的部门中有“{Desk(look.desk).label}”职责的工作人员复核。"
    has_part = set(_marks_anywhere(actor)) & set(look.application.approvers)
    if has_part or (actor.own_person_id is not None and look.application.person_id == actor.own_person_id):
        return "您参与过这件的办理，或者它是您本人的办件（同一人的不同账号视为一人），须由另一人复核。"
    return None


def _marks_anywhere(actor: Actor) -> list[str]:
    return [mark for desk in (*DUTY_OF_DESK, DISPUTED) for mark in marks_of(actor, desk)]


def visible(actor: Actor) -> Q:
    """Filters applications to those that this actor may read. Only their filer reads drafts."""
    if actor.party == Party.PERSON:
        return Q(person_id=actor.person_id) & (Q(filed_by=Party.PERSON) | ~Q(status=Status.DRAFT))
    if actor.party == Party.ENTERPRISE:
        as_employer, as_former = visible_to_enterprise(actor)
        return as_employer | as_former
    if actor.party == Party.OFFICE:
        handled = Q(holder_office_id=actor.office_id) | Q(events__actor__office_id=actor.office_id)
        return ~Q(status=Status.DRAFT) & (
            Q()
            if Duty.DECIDE in actor.duties or heads_province(actor)
            else Q(pk__in=Application.objects.filter(handled).values("pk"))
        )
    return Q(pk__in=[])


def visible_to_enterprise(actor: Actor) -> list[Q]:
    """An enterprise is a party in either of two columns, and each has an index of its own."""
    no_draft = ~Q(status=Status.DRAFT)
    return [
        Q(enterprise_id=actor.enterprise_id) & (Q(filed_by=Party.ENTERPRISE) | no_draft),
        Q(former_enterprise_id=actor.enterprise_id) & no_draft,
    ]


def holds(actor: Actor, application: Application) -> bool:
    """Answers whether it is this actor's turn, for one application, as `awaiting` does for all."""
    if not application.is_open:
        return False
    if application.holder_person_id is not None:
        return actor.party == Party.PERSON and application.holder_person_id == actor.person_id
    if application.holder_enterprise_id is not None:
        return actor.party == Party.ENTERPRISE and application.holder_enterprise_id == actor.enterprise_id
    return (
        _lies_with(actor, application)
        and needs_another(actor, application) is None
        and not is_of_another(actor, application)
    )


def is_of_another(actor: Actor, application: Application) -> bool:
    """Answers whether it is assigned to somebody for whom this actor does not act today."""
    return application.assignee_id is not None and application.assignee_id not in actor.assigned_as


def assigned_sentence(application: Application) -> str:
    name = application.assignee.name if application.assignee else ""
    return f"这件由{name}承办。需要您来办理的，请先接手办理，或由科室负责人改派。"


def may_take_over(actor: Actor, application: Application) -> bool:
    """Answers whether only the assignment to a colleague stands in the way."""
    return (
        application.is_open
        and _lies_with(actor, application)
        and needs_another(actor, application) is None
        and is_of_another(actor, application)
    )


def heads_province(actor: Actor) -> bool:
    return Duty.HEAD in actor.duties and actor.office_kind == OfficeKind.PROVINCIAL


def why_not_hand_over(actor: Actor, application: Application, *, to_office: bool) -> str | None:
    """Answers why this head may not give the case to a colleague, or to another office; it reads nothing."""
    if actor.party != Party.OFFICE or Duty.HEAD not in actor.duties:
        return "分办、转办由科室负责人办理，您的账号没有这一职责。"
    if not application.is_open:
        return CLOSED
    if application.holder_office_id is None:
        return "这件现在不在主管部门办理，不能分办、转办。"
    if application.holder_office_id != actor.office_id and not (to_office and heads_province(actor)):
        return "这件不由您的部门办理。改由其他部门办理的，请由承办部门的负责人或省厅转办。"
    if actor.own_person_id is not None and application.person_id == actor.own_person_id:
        return "这是您本人的办件，不能由您分办、转办。请由本部门另一名负责人办理。"
    return None


def may_release(actor: Actor, application: Application) -> bool:
    if application.assignee_id is None or application.holder_office_id != actor.office_id:
        return False
    return application.assignee_id == actor.user_id or why_not_hand_over(actor, application, to_office=False) is None


def why_not_assignee(colleague: Actor, application: Application) -> str | None:
    """Answers why a case cannot be this member's of the office that holds it: no duty, or four eyes."""
    if not _lies_with(colleague, application):
        return f"{colleague.name}没有“{Desk(application.desk).label}”职责，或者不在承办部门。"
    if needs_another(colleague, application) is not None:
        return f"{colleague.name}不能办理这一件：是其本人的办件，或者已在另一环节办理过。请换一人。"
    return None


def serves(user: User | None, office_id: int | None, desk: str) -> bool:
    """Answers whether this login works at such a desk of this office now."""
    if user is None or not user.is_active or user.office_id != office_id:
        return False
    return DUTY_OF_DESK.get(Desk(desk)) in user.duties


def _lies_with(actor: Actor, application: Application) -> bool:
    """Answers whether it lies at a desk of this actor's office that his or her duties open."""
    return (
        actor.party == Party.OFFICE
        and application.holder_office_id == actor.office_id
        and Desk(application.desk) in desks_of(actor)
    )


def holds_but_for_four_eyes(actor: Actor, application: Application) -> bool:
    """Answers whether it lies at this desk and only the natural person is the wrong one."""
    if not application.is_open or application.holder_office_id is None:
        return False
    return _lies_with(actor, application) and needs_another(actor, application) is not None


def is_filer(actor: Actor, application: Application) -> bool:
    if application.filed_by == Party.PERSON:
        return actor.party == Party.PERSON and application.person_id == actor.person_id
    if application.filed_by == Party.ENTERPRISE:
        return actor.party == Party.ENTERPRISE and application.enterprise_id == actor.enterprise_id
    return False


def why_not_urged(actor: Actor, application: Application) -> str | None:
    """Answers None where the filer may ask whoever has the application to go on, else the sentence to show."""
    if not is_filer(actor, application):
        return "只有申请人可以催办。"
    if application.status != Status.IN_REVIEW:
        return "这件申请现在不在别人手上，不需要催办。"
    return "现在轮到您自己办理。" if holds(actor, application) else None


def why_not(actor: Actor, action: Action, application: Application, *, today: date) -> str | None:
    """Answers None when the actor may take the action now, else the sentence to show. It reads nothing from the database."""
    if sentence := _lacks_right(actor, action):
        return sentence
    if action == Action.SUBMIT:
        return (
            None
            if is_filer(actor, application) and application.status == Status.DRAFT
            else "只有申请人可以提交自己的草稿。"
        )
    if application.status == Status.DRAFT:
        return "申请还没有提交。"
    if not application.is_open:
        return CLOSED
    if actor.party == Party.SYSTEM:
        return _why_not_system(action, application, today)
    if action == Action.WITHDRAW:
        return None if is_filer(actor, application) else "只有申请人可以撤回申请。"
    if action == Action.RESUBMIT:
        if application.status != Status.RETURNED:
            return "该办件没有被退回，不需要补正。"
        return None if holds(actor, application) else "只有申请人可以补正后提交。"
    if action in ACTIONS_AT_DESK or action in (Action.ASK, Action.ANSWER):
        return _why_not_at_desk(actor, action, application)
    return "这一操作由系统自动进行。"


def _lacks_right(actor: Actor, action: Action) -> str | None:
    """Answers why this operator of an enterprise may not act so; the refusal of a POST names those who may."""
    if actor.party != Party.ENTERPRISE:
        return None
    right = Right.CONFIRM if action in ACTIONS_AT_DESK or action == Action.ANSWER else Right.FILE
    return None if right in actor.rights else f"您没有{right.label}的权限，由本企业有这项权限的操作员办理。"


def _why_not_at_desk(actor: Actor, action: Action, application: Application) -> str | None:
    if _lies_with(actor, application) and (sentence := needs_another(actor, application)):
        return sentence
    if _lies_with(actor, application) and is_of_another(actor, application):
        return assigned_sentence(application)
    if not holds(actor, application):
        return f"现在轮到“{Desk(application.desk).label}”办理，不在您的待办中。"
    if application.status == Status.RETURNED:
        return "该办件已退回申请人补正。"
    if action == Action.ANSWER:
        return None if application.asked_from else "这件没有等待答复的核实。"
    if application.asked_from:
        asker = Desk(application.asked_from).label
        return f"这件是“{asker}”请本环节核实的，请先答复，答复后回到“{asker}”。"
    step = business_of(application.kind).step_at(application.desk)
    if step is None:
        return "当前环节没有这一操作。"
    if action == Action.ASK and actor.party != Party.OFFICE:
        return "只有主管部门可以请上一环节核实。"
    if action == Action.RETURN and actor.party != Party.OFFICE:
        return "只有主管部门可以退回补正；不同意请选择拒绝并说明原因。"
    if step.second_verification and not actor.is_verified:
        return "请在手机端完成身份验证后再确认。"
    return None


def what_waits(actor: Actor, business: Business, *, back: str = "") -> list[Finding]:
    """Answers why a person's own act has to wait after a reset of the password, and where it may be confirmed at once.

    An operator of an enterprise who may not file waits for a colleague.
    """
    if sentence := _lacks_right(actor, Action.SUBMIT):
        return [Finding("operator.no_right", sentence, turn="本企业", cure=OPERATORS)]
    is_due = actor.party == Party.PERSON and business.waits_after_reset
    return [refusal(actor.wait, back=back)] if is_due and actor.wait is not None else []


def _why_not_system(action: Action, application: Application, today: date) -> str | None:
    step = business_of(application.kind).step_at(application.desk)
    overdue = application.due_on is not None and application.due_on < today
    if action in (Action.ESCALATE, Action.CLOSE, Action.DEEM_ACCEPTED) and not overdue:
        return "期限未到。"
    if action == Action.ESCALATE and (step is None or step.when_overdue is None):
        return "该环节不自动转办。"
    return None


def may_file(actor: Actor, business: Business) -> bool:
    return actor.party in business.filed_by
