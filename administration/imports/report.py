"""Writes the report of a run: its counts, its rows, its problems, and the message to the office."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Literal

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from administration.enums import ImportState, RowOutcome
from administration.messages.services import OutgoingMessage, send
from administration.models import ImportProblem, ImportRow, ImportRun, Office
from common.database.fields import EncryptedFileSystemStorage
from common.database.set_inserts import insert_rows
from common.tabular.column import WHOLE_ROW
from common.tabular.csv_source import CsvSource
from common.tabular.problem_file import write_problem_file
from common.tabular.row import Problem
from common.tabular.table import Table

if TYPE_CHECKING:
    from .plan import Line
    from .services import Book

LISTED_PROBLEMS = 10_000
ROWS_AT_ONCE = 5_000
PREVIEW_LASTS = timedelta(days=3)


def note_unread(table: Table, book: Book, *, keeps_columns: bool) -> None:
    outcome = "内容原样保留，不参与核对" if keeps_columns else "内容没有使用"
    sentence = f"不认识的列，{outcome}；如果是列名写法不同，请改成模板中的列名。"
    book.notes += [Problem(table.header_row, title, "", sentence) for title in table.unknown_columns]
    if len(table.parts) > 1:
        names = "、".join(f"“{part.sheet}”" for part in table.parts)
        book.notes.append(Problem(0, "工作表", "", f"读取了 {len(table.parts)} 个工作表：{names}。"))
    book.notes += [
        Problem(0, f"工作表“{name}”", "", f"这个工作表没有读取：{reason}") for name, reason in table.unread_sheets
    ]


def keep_problem_file(table: Table, book: Book) -> None:
    if not (book.is_kept and book.problems):
        return
    form: Literal["csv", "xlsx"] = "csv" if isinstance(table.source, CsvSource) else "xlsx"
    content = write_problem_file(table, book.problems, form)
    # The file is encrypted, because the rows stand in it as they came, ID numbers included.
    book.run.problem_file = EncryptedFileSystemStorage().save(f"imports/problems.{form}", ContentFile(content))


def drop_problem_file(run: ImportRun) -> None:
    if run.problem_file:
        stored, run.problem_file = run.problem_file, ""
        transaction.on_commit(lambda: EncryptedFileSystemStorage().delete(stored))


def finish(book: Book, state: ImportState) -> None:
    run = book.run
    run.state, run.finished_at = state, timezone.now()
    run.rows_read, run.rows_new, run.rows_known, run.rows_changed = book.read, book.new, book.known, book.changed
    run.rows_quarantined, run.rows_bad, run.rows_missing = book.quarantined, book.bad, book.missing
    if not book.is_kept:
        return
    if state == ImportState.PREVIEWED:
        run.plan, run.questions = book.digest(), [share.sentence for share in book.unlikely]
        run.expires_at = run.finished_at + PREVIEW_LASTS
    with transaction.atomic():
        _write_report(book)
        run.save()
        _tell_office(run)


def _write_report(book: Book) -> None:
    listed = (book.notes + sorted(book.problems, key=lambda problem: problem.row_number))[:LISTED_PROBLEMS]
    ImportProblem.objects.bulk_create(
        (
            ImportProblem(
                run=book.run,
                row_number=problem.row_number,
                column=problem.column_title or WHOLE_ROW,
                value=problem.value_masked,
                sentence=problem.sentence,
            )
            for problem in listed
        ),
        batch_size=1000,
    )
    lines = iter(book.plan.lines)
    while part := list(islice(lines, ROWS_AT_ONCE)):
        insert_rows(_row(book, line) for line in part)
    if not book.dry_run:
        book.repetitions.write(book.run)


def _row(book: Book, line: Line) -> ImportRow:
    return ImportRow(
        run=book.run,
        position=line.position,
        place=line.place,
        outcome=line.outcome,
        subject=line.subject,
        changes=[[one.title, one.before, one.after] for one in line.changes],
        effect=line.effect,
        object_type=line.object_type,
        object_id=None if book.dry_run and _is_undone(line) else line.object_id,
        trace={} if book.dry_run or line.trace is None else line.trace.as_json(),
    )


def _is_undone(line: Line) -> bool:
    """An object that a preview has made was undone, and its id will be another's."""
    return line.outcome == RowOutcome.NEW and (line.trace is None or not line.trace.before)


def _tell_office(run: ImportRun) -> None:
    outcomes = {ImportState.DONE: "已完成", ImportState.PREVIEWED: "预览已生成，等待确认"}
    _tell(run, f"导入{outcomes.get(ImportState(run.state), '没有成功')}：{run.file_name}")


def ask_second(run: ImportRun) -> None:
    """Asks the office of an upload for the second person who confirms it."""
    _tell(run, f"请另一人核对并确认导入：{run.file_name}", f"{run.answered_by}已说明理由：{run.answer}")


def _tell(run: ImportRun, title: str, body: str = "") -> None:
    if run.office_id is None:
        return
    mailbox = Office.objects.values_list("mailbox_id", flat=True).get(pk=run.office_id)
    send([OutgoingMessage(mailbox, title, body, reverse("imports:detail", args=[run.pk]), event="office_work")])
