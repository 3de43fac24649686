from __future__ import annotations

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from accounts import audit
from accounts.models import Person, User
from accounts.rules import photo_findings
from accounts.signals import id_photo_changed
from jxcloud.base.findings import Refused
from jxcloud.base.images import id_photo_master


@transaction.atomic
def set_id_photo(person: Person, data: bytes, *, by: User, now: datetime) -> Person:
    """Stores master and small version. Files of former photos stay: issued certificate versions refer to them."""
    findings = photo_findings(data)
    if findings:
        raise Refused(*findings)
    photo = id_photo_master(data)
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    locked.id_photo.save("photo.jpg", ContentFile(photo.master), save=False)
    locked.id_photo_small.save("photo.jpg", ContentFile(photo.small), save=False)
    locked.id_photo_uploaded_at = now
    locked.save(update_fields=["id_photo", "id_photo_small", "id_photo_uploaded_at"])
    audit.record("set_id_photo", by=by, about=locked, detail={"width": photo.width, "height": photo.height})
    id_photo_changed.send(sender=Person, person=locked)
    return locked
