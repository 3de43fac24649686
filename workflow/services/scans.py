"""Keeps and removes scans that a desk makes of originals."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from common.findings import Finding, Refused
from workflow.permissions import why_not

from ..actors import Actor
from ..enums import Action
from ..models import Application, Attachment
from ..originals import SCAN, scan_kind, step_of
from .filing import keep_file
from .locking import lock_applications

if TYPE_CHECKING:
    from common.files.uploads import CheckedUpload


@transaction.atomic
def attach_scan(
    application_id: int, *, original: str, upload: CheckedUpload, actor: Actor, now: datetime | None = None
) -> Attachment:
    """`original` is the key of one that the desk declares."""
    application = _at_own_desk(application_id, actor, now)
    step = step_of(application)
    declared = {one.key: one for one in step.originals} if step is not None else {}
    if original not in declared:
        raise Refused(Finding("originals.unknown", "这个环节不核对这一件原件"))
    return keep_file(application, kind=scan_kind(declared[original]), upload=upload, actor=actor)


@transaction.atomic
def remove_scan(attachment_id: int, *, actor: Actor, now: datetime | None = None) -> None:
    """Removes a scan while the case is at the desk; the file stays, as with what the filer takes back."""
    attachment = Attachment.objects.get(pk=attachment_id, kind__startswith=SCAN)
    _at_own_desk(attachment.application_id, actor, now)
    attachment.removed_at = now or utc_now()
    attachment.save(update_fields=["removed_at"])


def _at_own_desk(application_id: int, actor: Actor, now: datetime | None) -> Application:
    (application,) = lock_applications([application_id])
    sentence = why_not(actor, Action.APPROVE, application, today=localdate(now or utc_now()))
    if sentence is not None:
        raise Refused(Finding("workflow.not_now", sentence))
    return application
