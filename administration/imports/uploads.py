"""Keeps files that an office uploads for import, encrypted, from the upload over the preview to the confirmation.

Nothing is taken in before somebody has seen what it does and has confirmed it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from administration.enums import ImportState
from administration.models import ImportProblem, ImportRow, ImportRun, Office
from common.database.fields import EncryptedFileSystemStorage
from common.findings import Cure, Finding, Refused
from common.jobs import enqueue

from .report import ask_second
from .services import IMPORTERS, PlanChanged, execute, sha256_of

UNFINISHED = (ImportState.QUEUED, ImportState.RUNNING)
SECOND = "同部门另一人"
NEEDS_SECOND = "由同部门另一名有这项职责的人员看过同一预览后确认；同一人的不同账号视为一人。"
GOOD_ROWS_ONLY = "只导入没有问题的行，其余的改正后再上传"


def queue_import(
    kind: str,
    file: UploadedFile[Any],
    *,
    by: str,
    user_id: int,
    office: Office | None,
) -> ImportRun:
    """Queues the preview. Raises Refused while the very same file is being read, or waits for this office to confirm."""
    content = file.read()
    digest = sha256_of(content)
    same = ImportRun.objects.filter(kind=kind, sha256=digest)
    if run := same.filter(state__in=UNFINISHED).first():
        raise Refused(_at_work("这个文件正在导入", "完成后可在导入记录中查看结果。", run))
    if run := same.filter(state=ImportState.PREVIEWED, office=office).first():
        raise Refused(_at_work("这个文件已经上传，正等待确认", "请查看预览后确认，或先放弃它再上传。", run))
    file.seek(0)
    stored = EncryptedFileSystemStorage().save("imports/upload", file)
    with transaction.atomic():
        run = ImportRun.objects.create(
            kind=kind,
            file_name=file.name or "",
            sha256=digest,
            upload=stored,
            by=by,
            user_id=user_id,
            office=office,
        )
        _enqueue(run)
    return run


def _at_work(message: str, detail: str, run: ImportRun) -> Finding:
    cure = Cure("查看进度", url_name="imports:detail", kwargs={"pk": run.pk})
    return Finding("import.running", message, detail, cure=cure)


def _enqueue(run: ImportRun) -> None:
    # Imports run one after the other, because two files of one kind would only wait for each other's locks.
    enqueue("administration.run_queued_import", run_id=run.pk, lock=f"import {run.kind}")


@transaction.atomic
def answer_questions(
    *, run_id: int, plan: str, by: str, answer: str, good_rows_only: bool = False, has_looked: bool = False
) -> ImportRun:
    """Keeps why a file with unlikely many rows of one kind is right, and asks the office for a second person.

    Nothing is taken in yet. Raises Refused with all reasons.
    """
    run = _preview(run_id, plan)
    findings = _why_not_take_in(run, good_rows_only, has_looked)
    if run.answered_at is not None:
        findings.append(Finding("import.answered", "已经说明过理由", NEEDS_SECOND, turn=SECOND))
    elif not answer.strip():
        findings.append(Finding("import.no_answer", "还没有写核对情况和理由", "请写明怎样核对过，为什么确实如此。"))
    if findings:
        raise Refused(*findings)
    run.answered_at, run.answered_by, run.answer = timezone.now(), by, answer.strip()
    run.is_good_rows_only = good_rows_only
    run.save()
    ask_second(run)
    return run


def _preview(run_id: int, plan: str) -> ImportRun:
    """Locks the run. Raises Refused where it shows no preview, or another one."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if finding := _why_no_preview(run, plan):
        raise Refused(finding)
    return run


def doubtful_rows(run: ImportRun) -> QuerySet[ImportProblem]:
    """Answers the rows that are taken in once somebody has looked at them."""
    doubts = IMPORTERS[run.kind].doubts
    return ImportProblem.objects.filter(run=run, row_number__gt=0, column=doubts.column if doubts else None)


def _why_not_take_in(run: ImportRun, good_rows_only: bool, has_looked: bool) -> list[Finding]:
    findings = []
    doubts = IMPORTERS[run.kind].doubts
    if doubts is not None and not has_looked and (number := doubtful_rows(run).count()):
        findings.append(doubts.not_looked(number))
    if not (run.rows_new or run.rows_changed or run.rows_quarantined):
        findings.append(Finding("import.nothing", "没有可以导入的行", "请改正文件后重新上传。"))
    if run.rows_bad and IMPORTERS[run.kind].is_all_or_nothing:
        sentence = "要么全部导入，要么一行也不导入。请下载有问题的行，改正文件后重新上传。"
        findings.append(Finding("import.bad_rows", f"有 {run.rows_bad} 行不能导入", sentence))
    elif run.rows_bad and not good_rows_only:
        sentence = f"要么改正后重新上传，要么选择“{GOOD_ROWS_ONLY}”。"
        findings.append(Finding("import.bad_rows", f"有 {run.rows_bad} 行不能导入", sentence))
    return findings


@transaction.atomic
def confirm_import(
    *, run_id: int, plan: str, by: str, good_rows_only: bool = False, has_looked: bool = False
) -> ImportRun:
    """Lets the worker take in what the preview with this digest has shown. `has_looked`: at the rows in doubt, too.

    Where the preview has questions, whoever confirms is the second person, and the choice about rows with errors is
    that of the first. Raises Refused with all reasons.
    """
    run = _preview(run_id, plan)
    if run.answered_at is not None:
        good_rows_only = run.is_good_rows_only
    findings = _why_not_take_in(run, good_rows_only, has_looked)
    if run.questions and run.answered_at is None:
        findings.append(
            Finding(
                "import.not_answered",
                "有多得不寻常的内容，还没有说明理由",
                "请由上传文件的人先写明核对情况和理由，再由同部门另一人确认。",
                turn=run.by,
            )
        )
    if findings:
        raise Refused(*findings)
    run.state, run.confirmed_at, run.confirmed_by = ImportState.QUEUED, timezone.now(), by
    run.is_good_rows_only, run.is_confirmed = good_rows_only, bool(run.questions)
    run.has_changed_since_preview, run.rows_read = False, 0
    run.save()
    _enqueue(run)
    return run


_NO_PREVIEW = {
    ImportState.QUEUED: ("文件正在处理", "请等处理完成。"),
    ImportState.RUNNING: ("文件正在处理", "请等处理完成。"),
    ImportState.DONE: ("这个文件已经导入", "不需要再次确认。"),
    ImportState.FAILED: ("这次导入没有成功", "请重新上传文件。"),
    ImportState.DISCARDED: ("这个文件已经放弃", "需要导入的，请重新上传文件。"),
    ImportState.EXPIRED: ("预览已经过期", "请重新上传文件，看过新的预览再确认。"),
}


def _why_no_preview(run: ImportRun, plan: str) -> Finding | None:
    state = ImportState(run.state)
    if state == ImportState.PREVIEWED and run.expires_at is not None and run.expires_at <= timezone.now():
        state = ImportState.EXPIRED
    if state in UNFINISHED and run.confirmed_at is not None:
        return Finding("import.confirmed", "已经确认过了", "正在导入，不需要再次确认。")
    if state != ImportState.PREVIEWED:
        return Finding("import.no_preview", *_NO_PREVIEW[state])
    if run.plan != plan:
        return Finding("import.other_preview", "预览已经更新", "下面是新的预览，请看过再确认。")
    return None


@transaction.atomic
def discard_import(*, run_id: int) -> ImportRun:
    """Deletes the file of a preview and what it said of people. Raises Refused once it is confirmed."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if finding := _why_no_preview(run, run.plan):
        raise Refused(finding)
    _give_up(run, ImportState.DISCARDED)
    return run


def expire_previews() -> int:
    """Gives up previews that nobody has confirmed in time, each in its own transaction; answers how many."""
    late = ImportRun.objects.filter(state=ImportState.PREVIEWED, expires_at__lte=timezone.now())
    expired = 0
    for pk in list(late.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            run = ImportRun.objects.select_for_update().get(pk=pk)
            if run.state == ImportState.PREVIEWED:
                _give_up(run, ImportState.EXPIRED)
                expired += 1
    return expired


def _give_up(run: ImportRun, state: ImportState) -> None:
    stored = [name for name in (run.upload, run.problem_file) if name]
    run.state, run.finished_at, run.upload, run.problem_file = state, timezone.now(), "", ""
    run.save()
    ImportRow.objects.filter(run=run).delete()
    run.problems.all().delete()
    for name in stored:
        transaction.on_commit(partial(EncryptedFileSystemStorage().delete, name))


def run_queued(run_id: int) -> None:
    """Makes the preview of an upload, or takes in what was confirmed. It may run again: what is done is left alone."""
    run = ImportRun.objects.select_related("office").get(pk=run_id)
    if not run.upload or (run.state == ImportState.PREVIEWED):
        return
    if run.state != ImportState.DONE:
        with EncryptedFileSystemStorage().open(run.upload) as stored:
            content = stored.read()
        if run.confirmed_at is not None:
            _apply(run, content)
        else:
            execute(run, content, dry_run=True)
    if run.state in (ImportState.DONE, ImportState.FAILED):
        _delete_upload(run)


def _apply(run: ImportRun, content: bytes) -> None:
    """Shows the preview again, in place of taking anything in, if it has become another since it was confirmed."""
    try:
        if IMPORTERS[run.kind].in_batches and not run.has_begun:
            _compare(run, content)
            ImportRun.objects.filter(pk=run.pk).update(has_begun=True)
            run.has_begun = True
        execute(run, content, whole=not run.is_good_rows_only)
    except PlanChanged:
        run.confirmed_at, run.confirmed_by = None, ""
        run.answered_at, run.answered_by, run.answer = None, "", ""
        run.is_confirmed = run.is_good_rows_only = False
        run.has_changed_since_preview = True
        execute(run, content, dry_run=True)


def _compare(run: ImportRun, content: bytes) -> None:
    """An import in batches cannot be undone at its end, so it is tried before. Raises PlanChanged."""
    trial = ImportRun(kind=run.kind, file_name=run.file_name, office=run.office, user_id=run.user_id, by=run.by)
    if execute(trial, content, dry_run=True).digest() != run.plan:
        raise PlanChanged


def _delete_upload(run: ImportRun) -> None:
    stored_name, run.upload = run.upload, ""
    run.save(update_fields=["upload"])
    EncryptedFileSystemStorage().delete(stored_name)
