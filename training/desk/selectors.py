"""Reads the records for which the reader's office answers."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind
from administration.models import Office
from common.database.name_search import person_named
from common.dates import midnight
from training.models import TrainingRecord

ORDER = ("-id",)


def institution_of(user: User) -> Office | None:
    office = user.office
    return office if office is not None and office.kind == OfficeKind.TRAINING else None


LATEST = 1000
"""A home page counts among so many records, the latest ones."""


def recorded_since(own: Office, day: date) -> str:
    """Answers how many records the institution added since the day, no further than is shown as 1000+."""
    latest = TrainingRecord.objects.filter(institution=own).order_by("-id").values_list("created_at", flat=True)
    since = midnight(day)
    count = sum(at >= since for at in latest[:LATEST])
    return f"{count}+" if count == LATEST else str(count)


def reads_all(user: User) -> bool:
    is_provincial = user.office is not None and user.office.kind == OfficeKind.PROVINCIAL
    return is_provincial and Duty.REGISTRY in user.duties


def readable(user: User) -> QuerySet[TrainingRecord]:
    """An institution reads its own records, the registry clerks of the province read all."""
    records = TrainingRecord.objects.select_related("institution")
    if (own := institution_of(user)) is not None:
        return records.filter(institution=own)
    return records if reads_all(user) else records.none()


def found(user: User, *, name: str, state: str) -> QuerySet[TrainingRecord]:
    """`state` is one of `forms.STATES`."""
    records = readable(user).filter(person_named("name", name))
    return records.filter(withdrawn_at__isnull=state == "valid") if state else records


def record_for(user: User, pk: int) -> TrainingRecord:
    """Raises Http404, for a record of another institution too."""
    return get_object_or_404(readable(user).select_related("replaced_by", "recorded_by", "import_run"), pk=pk)


def replaced_by_it(record: TrainingRecord) -> TrainingRecord | None:
    """Answers the record that this one has corrected."""
    return record.replaces.order_by("-pk").first()
