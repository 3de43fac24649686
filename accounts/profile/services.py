"""Changes what persons say about themselves."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.access import audit
from accounts.credentials.reset_waits import Wait, refusal
from accounts.enums import Education, ProfessionalTitle
from accounts.models import Person, User
from accounts.people.rules import clean_phone
from administration.enums import Channel
from administration.outbox.contacts import put_address
from common.findings import Finding, Refused


@transaction.atomic
def update_profile(
    person: Person, *, phone: str, education: str, professional_title: str, by: User, wait: Wait | None = None
) -> Person:
    """Card data are changed at the counter only.

    `wait` is the wait after a reset in the session of `by`, because the owner is warned on the phone on file.
    """
    try:
        phone = clean_phone(phone)
    except ValidationError as error:
        raise Refused(Finding("profile.phone", error.messages[0])) from error
    if education and education not in Education.values:
        raise Refused(Finding("profile.education", "请从列表中选择学历。"))
    if professional_title and professional_title not in ProfessionalTitle.values:
        raise Refused(Finding("profile.professional_title", "请从列表中选择职称。"))
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    new = {"phone": phone, "education": education, "professional_title": professional_title}
    changed = [name for name, value in new.items() if getattr(locked, name) != value]
    if wait is not None and "phone" in changed:
        raise Refused(refusal(wait, back=reverse("accounts:profile")))
    for name in changed:
        setattr(locked, name, new[name])
    if changed:
        locked.save(update_fields=changed)
        if "phone" in changed and locked.mailbox_id is not None:
            put_address(
                mailbox_id=locked.mailbox_id, user_id=by.pk, channel=Channel.SMS, address=phone, by=audit.acting(by)
            )
        audit.record("update_profile", by=by, about=locked, detail={"changed": changed})
    return locked
