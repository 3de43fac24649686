"""Has the training institution correct a record under an open extension, which waits at the municipal desk with a flag."""

from __future__ import annotations

from decimal import Decimal

from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind
from certificates.state.hours.services import recheck_hours
from training.hours import in_hours
from training.models import TrainingRecord
from training.services import NewRecord, correct_record, withdraw_record
from workflow.enums import Desk
from workflow.models import Application

from .builders import demo_builder
from .context import DemoContext

LESS = Decimal(4)


@demo_builder("corrected training records", order=85)
def build_corrections(context: DemoContext) -> None:
    trainer = User.objects.filter(office__kind=OfficeKind.TRAINING, duties__contains=[Duty.TRAINING]).earliest("pk")
    cases = Application.objects.filter(kind="extension", desk=Desk.MUNICIPAL, is_open=True).select_related("person")
    case = cases.order_by("pk").first()
    if case is not None and case.person is not None:
        _shorten(case.person.id_number_index, trainer)
        recheck_hours([case.person_id or 0], now=context.now)
    busy = Application.objects.filter(is_open=True, person__isnull=False).values("person__id_number_index")
    idle = TrainingRecord.objects.filter(withdrawn_at__isnull=True).exclude(id_number_index__in=busy).order_by("pk")
    if (record := idle.first()) is not None:
        withdraw_record(record_id=record.pk, reason="报名后没有到课。", by=trainer)


def _shorten(index: str, trainer: User) -> None:
    record = TrainingRecord.objects.filter(id_number_index=index, withdrawn_at__isnull=True).order_by("pk")[0]
    right = NewRecord(
        id_number_index=record.id_number_index,
        name=record.name,
        institution_name=record.institution_name,
        institution_id=record.institution_id,
        course=record.course,
        category=record.category,
        hours=LESS,
        starts_on=record.starts_on,
        ends_on=record.ends_on,
    )
    reason = f"按签到表，实际为 {in_hours(LESS)} 学时，录入时写成 {in_hours(record.hours)} 学时。"
    correct_record(record_id=record.pk, right=right, reason=reason, by=trainer)
