"""Imports files that offices upload, with one record of runs for all kinds, whatever app reads the rows.

A module named `importing` registers its importer and is found by itself. The command line, the back office and the
worker run them alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from administration.enums import RunState
from administration.messages.services import OutgoingMessage, send
from administration.models import ImportProblem, ImportRun, Office
from common.database.fields import EncryptedFileSystemStorage
from common.registry import Registry
from common.tabular.column import WHOLE_ROW, Column
from common.tabular.csv_source import CsvSource
from common.tabular.errors import TableError
from common.tabular.problem_file import write_problem_file
from common.tabular.row import Problem, Row
from common.tabular.table import Table, read_table

from .plausibility import ConfirmationNeeded, Consequence, UnlikelyShare, unlikely_shares

LISTED_PROBLEMS = 10_000
CHUNK = 500
PROGRESS_ROWS = 5_000
SYSTEM_ERROR = "系统处理时出错，已导入的行保留。请稍后重新上传同一文件，不会重复导入。"

Progress = Callable[["Book"], None]


@dataclass
class Book:
    """Counts rows and collects problems of one run. Importers count here; nothing else writes the run."""

    run: ImportRun
    dry_run: bool = False
    on_progress: Progress | None = None
    read: int = 0
    new: int = 0
    known: int = 0
    changed: int = 0
    quarantined: int = 0
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    unlikely: list[UnlikelyShare] = field(default_factory=list)

    def refuse(self, row: Row, *problems: Problem) -> None:
        self.bad += 1
        self.problems += problems or row.problems

    def refuse_because(self, row: Row, column: str, sentence: str, value: str = "") -> None:
        self.refuse(row, Problem(row.number, column, value, sentence))

    def ask_about(self, shares: Sequence[UnlikelyShare]) -> None:
        """Is called before anything is taken in. Raises ConfirmationNeeded where nobody has confirmed yet; a dry run
        notes it.
        """
        if shares and not (self.dry_run or self.run.is_confirmed):
            raise ConfirmationNeeded(shares)
        self.unlikely += shares
        self.notes += [Problem(0, share.title, "", share.sentence) for share in shares]

    def report_progress(self, read: int) -> None:
        self.read = read
        if not self.dry_run:
            ImportRun.objects.filter(pk=self.run.pk).update(rows_read=read)
        if self.on_progress is not None:
            self.on_progress(self)


Function = Callable[[Table, Book], None]


@dataclass(frozen=True)
class Importer:
    kind: str
    title: str
    columns: Sequence[Column]
    function: Function
    duties: frozenset[str]
    keeps_unknown_columns: bool
    consequences: Sequence[Consequence] = ()


IMPORTERS: Registry[Importer] = Registry("importer")


def register_importer(
    kind: str,
    title: str,
    function: Function,
    *,
    columns: Sequence[Column],
    duties: Sequence[str] = ("registry",),
    keeps_unknown_columns: bool = False,
    consequences: Sequence[Consequence] = (),
) -> None:
    """Is called at the end of a module named `importing`, which is found by itself."""
    importer = Importer(kind, title, columns, function, frozenset(duties), keeps_unknown_columns, consequences)
    IMPORTERS.register(kind, importer)


def run_import(
    kind: str,
    content: Path | bytes,
    file_name: str,
    *,
    by: str = "",
    dry_run: bool = False,
    confirmed: bool = False,
    on_progress: Progress | None = None,
) -> Book:
    """Opens a run for the command line and executes it. A dry run leaves nothing behind, not even the run.

    `confirmed`: a person has looked at the file and says that unlikely many rows with legal consequences are right.
    """
    run = ImportRun(
        kind=kind, file_name=file_name[-255:], sha256=sha256_of(content), by=by[:100], is_confirmed=confirmed
    )
    if not dry_run:
        run.save()
    return execute(run, content, dry_run=dry_run, on_progress=on_progress)


def execute(
    run: ImportRun, content: Path | bytes, *, dry_run: bool = False, on_progress: Progress | None = None
) -> Book:
    """A file that cannot be read makes a failed run with its sentence; every other error is raised as well."""
    importer = IMPORTERS[run.kind]
    book = Book(run, dry_run, on_progress)
    _begin(book, content)
    try:
        with read_table(content, run.file_name, importer.columns) as table:
            try:
                _note_unread(table, book, keeps_columns=importer.keeps_unknown_columns)
                with transaction.atomic() if dry_run else nullcontext():
                    importer.function(table, book)
                    if dry_run:
                        transaction.set_rollback(True)
                _write_problem_file(table, book)
            finally:
                book.problems = [table.placed(problem) for problem in book.problems]
                book.notes = [table.placed(problem) if problem.row_number else problem for problem in book.notes]
    except TableError as error:
        run.error = str(error)
        _finish(book, RunState.FAILED)
    except Exception:
        run.error = SYSTEM_ERROR
        _finish(book, RunState.FAILED)
        raise
    else:
        _finish(book, RunState.DONE)
    return book


def good_chunks(table: Table, book: Book, size: int = CHUNK) -> Iterator[list[Row]]:
    """Answers the rows without problems, in chunks; the others go into the report.

    Raises TableError or ConfirmationNeeded before the first, so that no half of a file is taken in.
    """
    table.read_through()
    book.ask_about(unlikely_shares(table, IMPORTERS[book.run.kind].consequences))
    chunk: list[Row] = []
    read = 0
    for read, row in enumerate(table.rows(), 1):
        if row.problems:
            book.refuse(row)
        else:
            chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
        if read % PROGRESS_ROWS == 0:
            book.report_progress(read)
    if chunk:
        yield chunk
    book.report_progress(read)


class Seen:
    """Finds rows of one file that speak of the same thing. An equal repetition counts as known; a different one is refused."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._rows: dict[object, tuple[str, object]] = {}

    def is_new(self, row: Row, key: object, content: object) -> bool:
        first, known = self._rows.setdefault(key, (row.place, content))
        if first == row.place:
            return True
        if known == content:
            self._book.known += 1
        else:
            self._book.refuse_because(row, WHOLE_ROW, f"与{first}重复而内容不同，已按{first}导入，请核对。")
        return False


def one_import_at_a_time(kind: str) -> None:
    """Locks imports of a kind until the transaction ends, before any other lock: two would deadlock over their rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {kind}"])


def sha256_of(content: Path | bytes) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _begin(book: Book, content: Path | bytes) -> None:
    """A job that is run again starts its report anew; what it took in before is known now."""
    run = book.run
    run.state, run.started_at, run.finished_at, run.error = RunState.RUNNING, timezone.now(), None, ""
    run.rows_total = _estimated_rows(content)
    if not book.dry_run:
        run.problems.all().delete()
        run.save()


def _estimated_rows(content: Path | bytes) -> int:
    if isinstance(content, bytes):
        return 0 if content.startswith(b"PK") else max(content.count(b"\n") - 1, 1)
    with content.open("rb") as stream:
        if stream.read(2) == b"PK":
            return 0
        return max(sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b"")) - 1, 1)


def _note_unread(table: Table, book: Book, *, keeps_columns: bool) -> None:
    outcome = "内容原样保留，不参与核对" if keeps_columns else "内容没有使用"
    sentence = f"不认识的列，{outcome}；如果是列名写法不同，请改成模板中的列名。"
    book.notes += [Problem(table.header_row, title, "", sentence) for title in table.unknown_columns]
    if len(table.parts) > 1:
        names = "、".join(f"“{part.sheet}”" for part in table.parts)
        book.notes.append(Problem(0, "工作表", "", f"读取了 {len(table.parts)} 个工作表：{names}。"))
    book.notes += [
        Problem(0, f"工作表“{name}”", "", f"这个工作表没有读取：{reason}") for name, reason in table.unread_sheets
    ]


def _write_problem_file(table: Table, book: Book) -> None:
    if book.dry_run or not book.problems:
        return
    form: Literal["csv", "xlsx"] = "csv" if isinstance(table.source, CsvSource) else "xlsx"
    content = write_problem_file(table, book.problems, form)
    # The file is encrypted, because the rows stand in it as they came, ID numbers included.
    book.run.problem_file = EncryptedFileSystemStorage().save(f"imports/problems.{form}", ContentFile(content))


def _finish(book: Book, state: RunState) -> None:
    run = book.run
    run.state, run.finished_at = state, timezone.now()
    run.rows_read, run.rows_new, run.rows_known, run.rows_changed = book.read, book.new, book.known, book.changed
    run.rows_quarantined, run.rows_bad = book.quarantined, book.bad
    if book.dry_run:
        return
    with transaction.atomic():
        listed = (book.notes + sorted(book.problems, key=lambda problem: problem.row_number))[:LISTED_PROBLEMS]
        ImportProblem.objects.bulk_create(
            (
                ImportProblem(
                    run=run,
                    row_number=problem.row_number,
                    column=(problem.column_title or WHOLE_ROW)[:60],
                    value=problem.value_masked[:200],
                    sentence=problem.sentence[:300],
                )
                for problem in listed
            ),
            batch_size=1000,
        )
        run.save()
        _tell_office(run)


def _tell_office(run: ImportRun) -> None:
    if run.office_id is None:
        return
    mailbox = Office.objects.values_list("mailbox_id", flat=True).get(pk=run.office_id)
    outcome = "已完成" if run.state == RunState.DONE else "没有成功"
    send(
        [
            OutgoingMessage(
                mailbox, f"导入{outcome}：{run.file_name}"[:200], link=reverse("imports:detail", args=[run.pk])
            )
        ]
    )
