"""Declares the command line of every import, with the report on stdout and progress on stderr."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from administration.enums import ImportState, RowOutcome
from administration.models import ImportRun

from .plan import Line
from .services import IMPORTERS, Book, run_import

NOBODY = "命令行"
SHOWN_PROBLEMS = 20
SHOWN_LINES = 50


class ImportCommand(BaseCommand):
    kind: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")
        parser.add_argument(
            "--confirmed",
            action="store_true",
            help="two people have checked the file: take in unlikely many rows of one kind as well",
        )
        parser.add_argument("--reason", default="", help="with --confirmed: how it was checked, and why it is right")
        parser.add_argument("--second", default="", help="with --confirmed: who besides --by has checked it")
        parser.add_argument(
            "--good-rows", action="store_true", help="take in the good rows although others are refused"
        )
        parser.add_argument("--by", default=NOBODY, help="who imports, for the record")

    def handle(self, *, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"找不到文件：{file}")
        _refuse_long(options)
        if options["good_rows"] and IMPORTERS[self.kind].is_all_or_nothing:
            raise CommandError("这种文件要么全部导入，要么一行也不导入，不能用 --good-rows。")
        if options["confirmed"] and not options["dry_run"]:
            _require_second(options)
        book = run_import(
            self.kind,
            file,
            file.name,
            by=options["by"],
            dry_run=options["dry_run"],
            confirmed=options["confirmed"],
            reason=options["reason"],
            second=options["second"],
            whole=not options["good_rows"],
            on_progress=self._show_progress,
        )
        if book.run.state == ImportState.FAILED:
            self._list_problems(book)
            raise CommandError(book.run.error)
        self._report(book)

    def _show_progress(self, book: Book) -> None:
        total = f" / 约 {book.run.rows_total}" if book.run.rows_total else ""
        self.stderr.write(f"已读取 {book.read}{total} 行")

    def _report(self, book: Book) -> None:
        heading = "试运行，没有写入" if book.dry_run else f"导入完成（第 {book.run.pk} 号）"
        missing = f"，文件中没有 {book.missing}" if book.missing else ""
        self.stdout.write(
            f"{heading}：读取 {book.read}，新增 {book.new}，更新 {book.changed}，已存在 {book.known}，"
            f"待人工核实 {book.quarantined}，有误 {book.bad}{missing}"
        )
        if book.dry_run:
            self._list_lines(book)
        self._list_problems(book)
        if book.run.problem_file:
            self.stdout.write("有问题的行可在后台“数据导入”中下载。")

    def _list_lines(self, book: Book) -> None:
        """Lists what would change first, then what the file lacks, then what would be new."""
        order = [RowOutcome.CHANGED, RowOutcome.MISSING, RowOutcome.NEW]
        for outcome in order:
            lines = sorted(
                (line for line in book.plan.lines if line.outcome == outcome), key=lambda line: line.position
            )
            for line in lines[:SHOWN_LINES]:
                self.stdout.write(f"{line.place} {outcome.label} {line.subject}：{_words(line)}".strip())
            if len(lines) > SHOWN_LINES:
                self.stdout.write(f"……{outcome.label}共 {len(lines)} 行")

    def _list_problems(self, book: Book) -> None:
        shown = [*book.notes, *sorted(book.problems, key=lambda problem: problem.row_number)]
        for problem in shown[:SHOWN_PROBLEMS]:
            value = f"“{problem.value_masked}”" if problem.value_masked else ""
            self.stdout.write(f"第 {problem.row_number} 行 {problem.column_title}{value}：{problem.sentence}")
        if len(shown) > SHOWN_PROBLEMS:
            self.stdout.write(f"……共 {len(shown)} 条")


def _refuse_long(options: dict[str, Any]) -> None:
    for name, field in {"reason": "answer", "by": "by", "second": "confirmed_by"}.items():
        most = getattr(ImportRun._meta.get_field(field), "max_length", None) or 0
        if len(options[name]) > most:
            raise CommandError(f"--{name} 最多 {most} 字，现在 {len(options[name])} 字，请缩短。")


def _require_second(options: dict[str, Any]) -> None:
    """The record of the import names both people; the default name of the command line is nobody's."""
    first, second = options["by"].strip(), options["second"].strip()
    if not options["reason"].strip() or not second or first in ("", NOBODY, second):
        raise CommandError("--confirmed 还要 --reason（理由）、--by 和 --second（两个不同的人的姓名）。")


def _words(line: Line) -> str:
    said = [
        f"{one.title} {one.before or '（空）'} → {one.after or '（空）'}"
        if line.outcome == RowOutcome.CHANGED
        else f"{one.title} {one.after}"
        for one in line.changes
    ]
    return "；".join([*said, *([line.effect] if line.effect else [])])
