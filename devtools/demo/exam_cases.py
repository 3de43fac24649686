"""Returns an entry for what it lacks, files an appeal against a result and corrects another, so that the desks have work
and a history.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.enums import Duty
from accounts.models import User
from exams.enums import APPEALABLE, EntryState, EvidenceKind, ReturnReason
from exams.evidence.services import add_evidence
from exams.models import ExamEntry
from exams.results.correcting import correct_result
from exams.results.services import Result
from exams.reviewing.services import return_entries
from workflow.actors import Actor, actor_of
from workflow.business import business_of
from workflow.services.filing import create_draft, save_draft, submit

from .builders import demo_builder
from .context import DemoContext
from .corrections import scan
from .exam_sites import staff
from .exams import OPEN, PAST

SAID = {"reason": "score", "note": "第三部分案例题的得分与答卷不一致，请重新核对。", "commitment": True}


REASON = "合分时漏加案例题 9 分，核对答卷后更正（演示）。"


@demo_builder("exam_cases", order=95)
def build_exam_cases(context: DemoContext) -> None:
    build(context.now)


def build(now: datetime) -> None:
    _show_evidence(now)
    _return_one(now)
    _correct(now - timedelta(days=1))
    _appeal(now)


def _show_evidence(now: datetime) -> None:
    """Those who show it are entered in the open batch, so that their reviewer reads it beside the entry."""
    rows = ExamEntry.objects.filter(batch__name=OPEN, state=EntryState.ENTERED, person__user__isnull=False)
    for entry in rows.select_related("person__user").order_by("pk")[:2]:
        owner = actor_of(entry.person.user) if entry.person.user is not None else None
        if owner is None:
            continue
        for kind in (EvidenceKind.EDUCATION, EvidenceKind.EXPERIENCE):
            add_evidence(kind=kind, upload=scan(str(kind.label)), actor=owner, now=now)


def _return_one(now: datetime) -> None:
    waiting = ExamEntry.objects.filter(state=EntryState.ENTERED, batch__name=OPEN).order_by("-pk")
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


def _correct(when: datetime) -> None:
    """The person passes by it, so that a first issue opens."""
    entry = ExamEntry.objects.filter(batch__name=PAST, state=EntryState.FAILED).order_by("pk")[0]
    right = Result(entry.pk, EntryState.PASSED, Decimal(61))
    correct_result(result=right, reason=REASON, by=staff(Duty.ORGANISE), now=when)


def _appeal(now: datetime) -> None:
    rows = ExamEntry.objects.filter(batch__name=PAST, state__in=APPEALABLE, person__user__isnull=False)
    entry = rows.select_related("person__user").order_by("-state", "pk").first()
    filer = actor_of(entry.person.user) if entry is not None and entry.person.user is not None else None
    if entry is None or filer is None:
        return
    case = business_of("result_appeal").prepare(filer, {"entry": str(entry.pk)}, today=now.date())
    application = create_draft(case=case, actor=filer, now=now)
    save_draft(application.pk, payload={**case.payload, **SAID}, actor=filer)
    submit(application.pk, actor=filer, now=now)
