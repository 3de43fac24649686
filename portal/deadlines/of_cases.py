"""Finds applications that wait for the enterprise, and the last days of sign-up for exams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count

from common.findings import Cure
from enterprises.models import Enterprise
from exams.enums import PENDING, BatchStatus
from exams.models import CandidateList, ExamBatch, ExamEntry
from exams.selectors import batches_for
from workflow.actors import Actor
from workflow.business import business_of
from workflow.enums import Status
from workflow.models import Application
from workflow.selectors.lists import inbox
from workflow.steps import Escalate

from .items import Deadline, Kind


def confirmations(actor: Actor, *, last: date) -> Iterator[Deadline]:
    """Answers what the enterprise has to confirm or to mend; without a deadline it has no day here."""
    for one in inbox(actor).filter(due_on__lte=last).order_by("due_on", "pk"):
        title = business_of(one.kind).title
        cure = Cure("去确认", "workflow:detail", kwargs={"number": one.number})
        who = one.person.name if one.person else ""
        if one.due_on is None:
            continue
        if one.status == Status.RETURNED:
            cure = Cure("去补正", "workflow:detail", kwargs={"number": one.number})
            yield Deadline(
                one.due_on,
                Kind.CONFIRM,
                one.number,
                who,
                "补正",
                title,
                "逾期没有补正，视为撤回",
                cure,
                "warn",
                "等本企业补正",
            )
            continue
        before, what = ("确认", f"的{title}申请") if who else ("", f"确认{title}")
        many = Cure("一起确认", "workflow:confirmations")
        detail = _if_silent(one)
        yield Deadline(one.due_on, Kind.CONFIRM, one.number, who, before, what, detail, cure, "warn", "", what, many)


def _if_silent(one: Application) -> str:
    step = business_of(one.kind).step_at(one.desk)
    if step is None or step.when_overdue is None:
        return ""
    if isinstance(step.when_overdue, Escalate):
        return "过期没有确认，转到主管部门核实"
    return "过期没有确认，申请终止，本人要重新申请"


def sign_up_ends(enterprise: Enterprise, user_id: int, *, today: date, last: date) -> Iterator[Deadline]:
    """Takes three queries for any number of batches."""
    open_now = batches_for(enterprise).filter(
        status=BatchStatus.ANNOUNCED, sign_up_from__lte=today, sign_up_to__range=(today, last)
    )
    found = list(open_now.order_by("sign_up_to", "pk"))
    ids = [batch.pk for batch in found]
    picked: dict[int, int] = {}
    for batch_id, picks in CandidateList.objects.filter(user=user_id, batch__in=ids).values_list("batch_id", "picked"):
        picked[batch_id] = picked.get(batch_id, 0) + len(picks)
    own = ExamEntry.objects.filter(enterprise=enterprise, batch__in=ids, state__in=PENDING).order_by()
    entered = dict(own.values_list("batch_id").annotate(Count("pk")))
    for batch in found:
        yield _of_batch(batch, picked.get(batch.pk, 0), entered.get(batch.pk, 0))


def _of_batch(batch: ExamBatch, picked: int, entered: int) -> Deadline:
    said = [f"已报名 {entered} 人"] if entered else []
    said += [f"已勾选 {picked} 人，还没有提交"] if picked else []
    cure = Cure("去报名", "exams:sign_up", kwargs={"pk": batch.pk})
    detail = "；".join(said) or "还没有报名"
    tone = "warn" if picked or not entered else "info"
    return Deadline(batch.sign_up_to, Kind.EXAM, f"exam-{batch.pk}", batch.name, "", " 截止报名", detail, cure, tone)
