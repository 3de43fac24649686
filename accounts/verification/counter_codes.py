"""Issues and uses codes that a clerk hands out after seeing card and face, so that no camera is needed."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.access import audit
from accounts.models import CounterCode, Person, User
from accounts.people.natural_persons import refuse_own_record
from administration.parameters.book import ParameterBook
from common.encryption import blind_index

CODE_LENGTH = 8


def code_lasts(now: datetime) -> timedelta:
    return timedelta(hours=ParameterBook.load().integer("counter_code_hours", timezone.localdate(now)))


@transaction.atomic
def issue_counter_code(person: Person, *, by: User, now: datetime, lasts: timedelta | None = None) -> str:
    """Answers the code in clear, to be shown once; an older code of this person becomes invalid. `lasts` comes from
    the policy if it is not given.
    """
    refuse_own_record(by, person.id_number_index, task="出具窗口核验码", instead="另一名窗口工作人员")
    code = f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}d}"
    CounterCode.objects.filter(person=person, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    CounterCode.objects.create(
        person=person,
        code_index=_index(person, code),
        issued_by=by,
        office=by.office,
        issued_at=now,
        expires_at=now + (lasts if lasts is not None else code_lasts(now)),
    )
    audit.record("issue_counter_code", by=by, about=person, detail={"office": by.office_id})
    return code


def use_counter_code(person: Person, code: str, *, now: datetime) -> bool:
    """One statement decides, so that a code serves once, however many pages send it at the same time."""
    return bool(
        CounterCode.objects.filter(
            person=person, code_index=_index(person, code), used_at__isnull=True, expires_at__gt=now
        ).update(used_at=now)
    )


def _index(person: Person, code: str) -> str:
    return blind_index(f"{person.pk}:{code}", "counter_code")
