"""Keeps files that an office uploads for import, encrypted until a worker has read them, and then deletes them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from administration.enums import RunState
from administration.models import ImportRun, Office
from common.database.fields import EncryptedFileSystemStorage
from common.findings import Cure, Finding, Refused
from common.jobs import enqueue

from .services import execute, sha256_of

UNFINISHED = (RunState.QUEUED, RunState.RUNNING)


def queue_import(
    kind: str,
    file: UploadedFile[Any],
    *,
    by: str,
    user_id: int,
    office: Office | None,
    confirmed: bool = False,
) -> ImportRun:
    """Raises Refused while the very same file is still being read."""
    content = file.read()
    digest = sha256_of(content)
    same = ImportRun.objects.filter(kind=kind, sha256=digest, state__in=UNFINISHED).first()
    if same is not None:
        cure = Cure("查看进度", url_name="imports:detail", kwargs={"pk": same.pk})
        raise Refused(Finding("import.running", "这个文件正在导入", "完成后可在导入记录中查看结果。", cure=cure))
    file.seek(0)
    stored = EncryptedFileSystemStorage().save("imports/upload", file)
    with transaction.atomic():
        run = ImportRun.objects.create(
            kind=kind,
            file_name=(file.name or "")[-255:],
            sha256=digest,
            upload=stored,
            by=by[:100],
            user_id=user_id,
            office=office,
            is_confirmed=confirmed,
        )
        # Imports run one after the other, because two files of one kind would only wait for each other's locks.
        enqueue("administration.run_queued_import", run_id=run.pk, lock=f"import {kind}")
    return run


def run_queued(run_id: int) -> None:
    """Executes a queued run. It may run again: a finished run has no upload any more, and rows taken in are known."""
    run = ImportRun.objects.select_related("office").get(pk=run_id)
    if not run.upload:
        return
    storage = EncryptedFileSystemStorage()
    with storage.open(run.upload) as stored:
        content = stored.read()
    execute(run, content)
    stored_name, run.upload = run.upload, ""
    run.save(update_fields=["upload"])
    storage.delete(stored_name)
