"""Imports files that offices upload, with one record of runs for all kinds, whatever app reads the rows.

A module named `importing` registers its importer and is found by itself. The command line, the back office and the
worker run them alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from administration.enums import ImportState, RowOutcome
from administration.models import ImportRun
from common.registry import Registry
from common.tabular.column import WHOLE_ROW, Column
from common.tabular.errors import TableError
from common.tabular.row import Problem, Row
from common.tabular.table import Table, read_table

from .plan import Change, Line, Plan, Trace, line_of
from .plausibility import ConfirmationNeeded, Consequence, UnlikelyShare, unlikely_shares
from .previews import Doubts, OwnPage
from .progress import estimated_rows, show_progress
from .repetitions import Repetitions
from .report import drop_problem_file, finish, keep_problem_file, note_unread

CHUNK = 500
PROGRESS_ROWS = 5_000
SYSTEM_ERROR = "系统处理时出错，没有导入任何一行。请稍后重新上传同一文件。"
SYSTEM_ERROR_IN_BATCHES = "系统处理时出错，已导入的行保留。请稍后重新上传同一文件，不会重复导入。"

Progress = Callable[["Book"], None]


class PlanChanged(Exception):
    """The preview of a confirmed import has shown something else. Nothing was taken in."""


@dataclass
class Book:
    """Counts rows, collects problems and keeps the plan of one run. Importers write here; nothing else writes the run.

    `is_whole`: a file with a refused row is not taken in at all.
    """

    run: ImportRun
    dry_run: bool = False
    on_progress: Progress | None = None
    is_whole: bool = False
    read: int = 0
    new: int = 0
    known: int = 0
    changed: int = 0
    quarantined: int = 0
    bad: int = 0
    missing: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    unlikely: list[UnlikelyShare] = field(default_factory=list)
    plan: Plan = field(default_factory=Plan)
    refused: list[Row] = field(default_factory=list)
    repetitions: Repetitions = field(default_factory=Repetitions)

    @property
    def is_kept(self) -> bool:
        """A dry run of the command line leaves no record."""
        return self.run.pk is not None

    def add(
        self,
        row: Row,
        one: Model,
        subject: str,
        changes: Sequence[Change] = (),
        effect: str = "",
        trace: Trace | None = None,
    ) -> None:
        """The row makes something new."""
        self.new += 1
        self.plan.add(line_of(row, RowOutcome.NEW, one, subject, changes, effect, trace))

    def change(
        self,
        row: Row,
        one: Model,
        subject: str,
        changes: Sequence[Change],
        effect: str = "",
        trace: Trace | None = None,
    ) -> None:
        self.changed += 1
        self.plan.add(line_of(row, RowOutcome.CHANGED, one, subject, changes, effect, trace))

    def keep(self, row: Row, one: Model, fields: Iterable[str] | None = None) -> None:
        """The row says what is known already, of these fields of the object or of all."""
        self.known += 1
        self.plan.note(row.number, "known")
        self.repeat(one, fields)

    def repeat(self, one: Model, fields: Iterable[str] | None = None) -> None:
        """The row says this of the object again, besides what it may change."""
        self.repetitions.add(one._meta.label_lower, [one.pk], fields)

    def miss(self, subject: str, effect: str = "", one: Model | None = None) -> None:
        """The file should have a row for this, and has none."""
        self.missing += 1
        named = (one._meta.label_lower, one.pk) if one is not None else ("", None)
        self.plan.add(Line(0, "", RowOutcome.MISSING, subject, (), effect, *named))

    def doubt(self, row: Row, value: str, sentence: str) -> None:
        """The row is taken in, once somebody has looked at it."""
        doubts = IMPORTERS[self.run.kind].doubts
        if doubts is None:
            raise ValueError(f"{self.run.kind} declares no doubts")
        self.notes.append(Problem(row.number, doubts.column, value, sentence))

    def writing(self) -> AbstractContextManager[object]:
        """Goes around the writes of one chunk. A dry run undoes them at once, so that it keeps no lock until its end."""
        return _undone() if self.dry_run else transaction.atomic()

    def stop_at_bad_rows(self) -> None:
        """Raises TableError if the file has to be taken in whole and cannot."""
        if self.is_whole and self.bad and not self.dry_run:
            raise TableError(
                f"有 {self.bad} 行不能导入，所以没有导入任何一行。请改正后重新导入，或选择只导入没有问题的行（命令行加上 --good-rows）。"
            )

    def digest(self) -> str:
        """Is taken at the end of a run, over all that people were or would be shown."""
        plan = Plan(_sum=self.plan._sum)
        plan.note(self.new, self.changed, self.known, self.quarantined, self.bad, self.missing)
        for one in [*self.problems, *self.notes]:
            plan.note(one.row_number, one.column_title, one.sentence)
        return plan.digest

    def forget(self) -> None:
        """Is called when the rows that were counted have been undone."""
        self.new = self.changed = self.known = self.quarantined = self.missing = 0
        self.plan, self.repetitions = Plan(), Repetitions()

    def refuse(self, row: Row, *problems: Problem) -> None:
        self.bad += 1
        self.refused.append(row)
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
        if self.is_kept:
            show_progress(self.run.pk, read)
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
    locks: Function | None = None
    in_batches: bool = False
    is_all_or_nothing: bool = False
    doubts: Doubts | None = None
    page: OwnPage | None = None


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
    locks: Function | None = None,
    in_batches: bool = False,
    is_all_or_nothing: bool = False,
    doubts: Doubts | None = None,
    page: OwnPage | None = None,
) -> None:
    """Is called at the end of a module named `importing`, which is found by itself.

    A file is taken in by one transaction; `locks` then locks all its rows in the house's order, before the first chunk.
    An importer for files that are too large for that works `in_batches`, each in its own transaction, and is safe to
    repeat. `is_all_or_nothing` says that nobody may leave the rows with errors out: a file with one is not taken in.
    `doubts` are what `Book.doubt` notes, `page` shows the preview in place of the common one.
    """
    importer = Importer(
        kind,
        title,
        columns,
        function,
        frozenset(duties),
        keeps_unknown_columns,
        consequences,
        locks,
        in_batches,
        is_all_or_nothing,
        doubts,
        page,
    )
    IMPORTERS.register(kind, importer)


def run_import(
    kind: str,
    content: Path | bytes,
    file_name: str,
    *,
    by: str = "",
    dry_run: bool = False,
    confirmed: bool = False,
    reason: str = "",
    second: str = "",
    whole: bool = False,
    on_progress: Progress | None = None,
) -> Book:
    """Opens a run for the command line and executes it. A dry run leaves nothing behind, not even the run.

    `whole`: nothing is taken in if a row is refused.
    `confirmed`: `by` and `second` have looked at the file and say for this reason that unlikely many rows with legal
    consequences are right.
    """
    run = ImportRun(kind=kind, file_name=file_name, sha256=sha256_of(content), by=by, is_confirmed=confirmed)
    if confirmed:
        run.answer, run.answered_by, run.answered_at = reason, by, timezone.now()
        run.confirmed_by, run.confirmed_at = second, run.answered_at
    if not dry_run:
        run.save()
    return execute(run, content, dry_run=dry_run, whole=whole, on_progress=on_progress)


def execute(
    run: ImportRun,
    content: Path | bytes,
    *,
    dry_run: bool = False,
    whole: bool = False,
    on_progress: Progress | None = None,
) -> Book:
    """A file that cannot be read makes a failed run with its sentence; every other error is raised as well.

    A dry run does the same and undoes it; if its run is stored, it is the preview that somebody may confirm. A run
    with a plan raises PlanChanged unless it comes to the same.
    """
    importer = IMPORTERS[run.kind]
    book = Book(run, dry_run, on_progress, is_whole=whole)
    _begin(book, content)
    try:
        with read_table(content, run.file_name, importer.columns) as table:
            note_unread(table, book, keeps_columns=importer.keeps_unknown_columns)
            with nullcontext() if importer.in_batches and not dry_run else transaction.atomic():
                _take_in(importer, table, book)
                if dry_run:
                    transaction.set_rollback(True)
                else:
                    keep_problem_file(table, book)
                    finish(book, ImportState.DONE)
            if dry_run:
                keep_problem_file(table, book)
                finish(book, ImportState.PREVIEWED)
    except TableError as error:
        _fail(book, str(error))
    except PlanChanged:
        raise
    except Exception:
        _fail(book, SYSTEM_ERROR_IN_BATCHES if importer.in_batches else SYSTEM_ERROR)
        raise
    return book


def _take_in(importer: Importer, table: Table, book: Book) -> None:
    try:
        if importer.locks is not None and not book.dry_run:
            importer.locks(table, book)
        importer.function(table, book)
    finally:
        book.problems = [table.placed(problem) for problem in book.problems]
        book.notes = [table.placed(problem) if problem.row_number else problem for problem in book.notes]
    if book.run.plan and not (book.dry_run or importer.in_batches or book.run.plan == book.digest()):
        raise PlanChanged
    book.stop_at_bad_rows()


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


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
    """A job that is run again starts its report anew."""
    run = book.run
    run.state, run.started_at, run.finished_at, run.error = ImportState.RUNNING, timezone.now(), None, ""
    run.rows_total = estimated_rows(content)
    if book.is_kept:
        run.problems.all().delete()
        run.rows.all().delete()
        run.repetitions.all().delete()
        drop_problem_file(run)
        run.save()


def _fail(book: Book, sentence: str) -> None:
    if not IMPORTERS[book.run.kind].in_batches:
        book.forget()
    book.run.error = sentence
    finish(book, ImportState.FAILED)
