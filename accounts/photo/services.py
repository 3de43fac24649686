"""Stores an ID photo once its checks have passed."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.access import audit
from accounts.enums import Duty
from accounts.models import Person, PhotoCheck, User
from accounts.people.natural_persons import refuse_own_record
from accounts.people.rules import photo_findings
from accounts.signals import id_photo_changed
from common.files.images import id_photo_master
from common.findings import Finding, Refused

from . import checks


def set_id_photo(person: Person, data: bytes, *, by: User, now: datetime, override_reason: str = "") -> Person:
    """Stores master and small version. Files of former photos stay: issued certificate versions refer to them.

    `override_reason` lets a clerk who registers people accept a photo that fails some of the nine checks; size, shape
    and kind of the file are never overridden.
    """
    findings = photo_findings(data)
    if findings:
        raise Refused(*findings)
    # The picture is measured before the transaction, so that no row is locked meanwhile.
    examination = checks.examine(data)
    overridden = examination.failed
    if overridden:
        override_reason = override_reason.strip()
        _check_override(examination, override_reason, by)
        refuse_own_record(by, person.id_number_index, task="放行证件照", instead="另一名登记人员")
    return _store(person, data, examination, override_reason if overridden else "", by=by, now=now)


def _check_override(examination: checks.Examination, reason: str, by: User) -> None:
    if not reason:
        raise Refused(*examination.findings)
    if Duty.REGISTER not in by.duties:
        raise Refused(
            Finding("photo.override", "证件照没有通过检查，只有实名登记窗口的工作人员可以放行。", turn="实名登记点")
        )


@transaction.atomic
def _store(
    person: Person, data: bytes, examination: checks.Examination, reason: str, *, by: User, now: datetime
) -> Person:
    photo = id_photo_master(data)
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    locked.id_photo.save("photo.jpg", ContentFile(photo.master), save=False)
    locked.id_photo_small.save("photo.jpg", ContentFile(photo.small), save=False)
    locked.id_photo_uploaded_at = now
    locked.save(update_fields=["id_photo", "id_photo_small", "id_photo_uploaded_at"])
    overridden = examination.failed
    PhotoCheck.objects.create(
        person=locked,
        photo=str(locked.id_photo.name),
        sha256=sha256(photo.master).hexdigest(),
        passed=examination.passed,
        overridden=overridden,
        reason=reason,
        measures=examination.measures.as_json(),
        by=by,
        at=now,
    )
    audit.record("set_id_photo", by=by, about=locked, detail={"width": photo.width, "height": photo.height})
    if overridden:
        audit.record("override_photo_checks", by=by, about=locked, detail={"checks": overridden, "reason": reason})
    id_photo_changed.send(sender=Person, person=locked)
    return locked
