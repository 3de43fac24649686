"""Says who may do what with batches and entries, by None or the sentence to show, without reading the database."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from accounts.enums import Duty
from common.dates import chinese_date
from workflow.actors import Actor
from workflow.enums import Party

from .enums import PENDING, UNREVIEWED, BatchStatus, EntryState
from .models import ExamBatch, ExamEntry


def why_not_manage(actor: Actor) -> str | None:
    """Only the province manages batches."""
    if actor.party == Party.OFFICE and Duty.DECIDE in actor.duties:
        return None
    return "考试批次由省厅设置和取消。"


def why_not_enter(actor: Actor) -> str | None:
    return None if actor.party == Party.ENTERPRISE else "考试报名由受聘企业办理。"


def why_not_withdraw(actor: Actor, entry: ExamEntry, *, today: date, has_left: bool = False) -> str | None:
    """`has_left` says that the person no longer works for the enterprise: then the person and the office may, too.

    Where time or place became another after the sign-up, the enterprise and the person may until the exam begins.
    """
    if not _has_a_say(actor, entry):
        return "报名由报名的企业取消；人员已离开该企业的，由本人或者审核部门取消。"
    if entry.state not in PENDING:
        return f"这条报名{entry.get_state_display()}，不能取消。"
    if entry.was_moved and actor.party != Party.OFFICE and today < entry.batch.exam_from:
        return None
    if actor.party == Party.ENTERPRISE:
        if entry.state == EntryState.RETURNED:
            return None
        closed = "报名截止后不能取消；因故不能参加的，请在考试前告知考试机构。"
        return closed if today > entry.batch.sign_up_to else None
    if not has_left:
        return f"人员仍受聘于{entry.enterprise.name}，报名由该企业取消。"
    if actor.party == Party.OFFICE and actor.own_person_id == entry.person_id:
        return "这是您本人的报名，请在“我的考试”中取消，或者由本部门另一名审核人员办理。"
    if today >= entry.batch.exam_from:
        return "考试已经开始，不能取消报名；有特殊情况的，请告知考试机构。"
    return None


def _has_a_say(actor: Actor, entry: ExamEntry) -> bool:
    if actor.party == Party.ENTERPRISE:
        return actor.enterprise_id == entry.enterprise_id
    if actor.party == Party.PERSON:
        return actor.person_id == entry.person_id
    return actor.party == Party.OFFICE and Duty.REVIEW in actor.duties and actor.office_id == entry.office_id


def to_review(actor: Actor) -> Q:
    """Filters ExamEntry by the entries that wait for the actor's review; keep it equal to `why_not_review`."""
    if actor.party == Party.OFFICE and Duty.REVIEW in actor.duties:
        mine = Q(state=EntryState.ENTERED, office=actor.office_id)
        return mine & ~Q(person_id=actor.own_person_id) if actor.own_person_id is not None else mine
    return Q(pk__in=[])


def under_review(actor: Actor) -> Q:
    """Filters ExamEntry by what the actor reviews, with what was returned and is awaited."""
    if actor.party == Party.OFFICE and Duty.REVIEW in actor.duties:
        mine = Q(state__in=UNREVIEWED, office=actor.office_id)
        return mine & ~Q(person_id=actor.own_person_id) if actor.own_person_id is not None else mine
    return Q(pk__in=[])


def why_not_approve(entry: ExamEntry, *, today: date) -> str | None:
    """Nobody is admitted to an exam that has begun: he could only be absent, and barred for it."""
    if today < entry.batch.exam_from:
        return None
    return "考试已经开始，不能再审核通过。这条报名今晚自动终止，不算缺考；需要告诉企业原因的，可以审核不通过。"


def why_not_review(actor: Actor, entry: ExamEntry) -> str | None:
    if actor.party != Party.OFFICE or Duty.REVIEW not in actor.duties or actor.office_id != entry.office_id:
        return "这条报名不由本部门审核。"
    if entry.state == EntryState.RETURNED:
        return "这条报名已退回补正，等待企业或本人重新提交。"
    if entry.state != EntryState.ENTERED:
        return f"这条报名{entry.get_state_display()}，不需要审核。"
    if actor.own_person_id is not None and entry.person_id == actor.own_person_id:
        return "这是您本人的报名，不能由您审核。请由本部门另一名审核人员办理。"
    return None


def why_not_resubmit(actor: Actor, entry: ExamEntry, *, today: date) -> str | None:
    """The enterprise that signed up may do it, and the person."""
    if actor.party not in (Party.ENTERPRISE, Party.PERSON) or not _has_a_say(actor, entry):
        return "退回的报名由报名的企业或者本人重新提交。"
    if entry.state != EntryState.RETURNED:
        return f"这条报名{entry.get_state_display()}，不需要重新提交。"
    if entry.resubmit_by is not None and today > entry.resubmit_by:
        return f"补正已于{chinese_date(entry.resubmit_by)}截止，报名将自动终止，不算缺考，不影响以后报名。"
    return None


def results_of(actor: Actor) -> Q:
    """Filters ExamBatch by the batches whose results the actor records."""
    if actor.party != Party.OFFICE:
        return Q(pk__in=[])
    if Duty.DECIDE in actor.duties:
        return Q()
    return Q(organiser=actor.office_id) if Duty.ORGANISE in actor.duties else Q(pk__in=[])


def is_results_of(actor: Actor, batch: ExamBatch) -> bool:
    """Answers for one batch what `results_of` filters."""
    own = Duty.ORGANISE in actor.duties and batch.organiser_id == actor.office_id
    return actor.party == Party.OFFICE and (own or Duty.DECIDE in actor.duties)


def why_not_seat(actor: Actor, batch: ExamBatch) -> str | None:
    if not is_results_of(actor, batch):
        return "座位由承办的考试机构编排。"
    if batch.status != BatchStatus.ANNOUNCED:
        return f"该批次{batch.get_status_display()}，不能编排座位。"
    return None


def readable(actor: Actor) -> Q:
    """Filters ExamEntry: reviewers read the entries of their office, organisers and the province whole batches."""
    if actor.party != Party.OFFICE:
        return Q(pk__in=[])
    if Duty.DECIDE in actor.duties:
        return Q()
    own = Q(office=actor.office_id) if Duty.REVIEW in actor.duties else Q(pk__in=[])
    return own | Q(batch__organiser=actor.office_id) if Duty.ORGANISE in actor.duties else own


def why_not_record(actor: Actor, batch: ExamBatch, *, today: date) -> str | None:
    if actor.party not in (Party.OFFICE, Party.SYSTEM):
        return "成绩由考试机构登记。"
    if actor.party == Party.OFFICE and not is_results_of(actor, batch):
        return "这个批次的成绩由承办的考试机构登记。"
    if batch.status != BatchStatus.ANNOUNCED:
        return f"该批次{batch.get_status_display()}，不能登记成绩。"
    if today < batch.exam_from:
        return "考试还没有开始，不能登记成绩。"
    return None
