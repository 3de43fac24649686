"""Returns an entry for what it lacks, and files an appeal against a result, so that both desks have work."""

from __future__ import annotations

from datetime import datetime

from accounts.enums import Duty
from accounts.models import User
from exams.enums import APPEALABLE, EntryState, ReturnReason
from exams.models import ExamEntry
from exams.reviewing.services import return_entries
from workflow.actors import Actor, actor_of
from workflow.business import business_of
from workflow.services.filing import create_draft, save_draft, submit

from .builders import demo_builder
from .context import DemoContext

SAID = {"reason": "score", "note": "第三部分案例题的得分与答卷不一致，请重新核对。", "commitment": True}


@demo_builder("exam_cases", order=95)
def build_exam_cases(context: DemoContext) -> None:
    _return_one(context.now)
    _appeal(context.now)


def _return_one(now: datetime) -> None:
    waiting = ExamEntry.objects.filter(state=EntryState.ENTERED, batch__exam_from__gt=now.date()).order_by("pk")
    for entry in waiting[:10]:
        reviewer = _reviewer(entry.office_id)
        if reviewer is None:
            continue
        reasons = [ReturnReason.PHOTO, ReturnReason.EXPERIENCE]
        if return_entries([entry.pk], reasons=reasons, actor=reviewer, now=now).done:
            return


def _reviewer(office_id: int) -> Actor | None:
    users = User.objects.filter(office=office_id, duties__contains=[Duty.REVIEW], is_active=True)
    user = users.select_related("office").order_by("pk").first()
    return actor_of(user) if user is not None else None


def _appeal(now: datetime) -> None:
    rows = ExamEntry.objects.filter(state__in=APPEALABLE, person__user__isnull=False, settled_at__isnull=False)
    entry = rows.select_related("person__user").order_by("-state", "pk").first()
    filer = actor_of(entry.person.user) if entry is not None and entry.person.user is not None else None
    if entry is None or filer is None:
        return
    case = business_of("result_appeal").prepare(filer, {"entry": str(entry.pk)}, today=now.date())
    application = create_draft(case=case, actor=filer, now=now)
    save_draft(application.pk, payload={**case.payload, **SAID}, actor=filer)
    submit(application.pk, actor=filer, now=now)
