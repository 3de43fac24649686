"""Records that a person consents to face verification or withdraws the consent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.access import audit
from accounts.models import FaceConsent, Person, User

from .available_methods import CONSENT_VERSION


@transaction.atomic
def give_consent(person: Person, *, by: User, now: datetime) -> None:
    """A consent to an older text ends with the new one."""
    # The lock: of two presses at once the second finds the first one's consent.
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    standing = FaceConsent.objects.filter(person=person, withdrawn_at__isnull=True)
    if standing.filter(text_version=CONSENT_VERSION).exists():
        return
    standing.update(withdrawn_at=now)
    FaceConsent.objects.create(person=person, text_version=CONSENT_VERSION, given_at=now)
    audit.record("give_face_consent", by=by, about=person, detail={"text": CONSENT_VERSION})


@transaction.atomic
def withdraw_consent(person: Person, *, by: User, now: datetime) -> None:
    if FaceConsent.objects.filter(person=person, withdrawn_at__isnull=True).update(withdrawn_at=now):
        audit.record("withdraw_face_consent", by=by, about=person)
