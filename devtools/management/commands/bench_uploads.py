"""Measures preview and confirmation of exam results and training records, in a transaction that is rolled back."""

from __future__ import annotations

import cProfile
import csv
import io
import os
import pstats
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.models import Person
from accounts.people.identity import id_number_index
from administration.enums import ImportState, OfficeKind
from administration.imports.services import Book, execute, sha256_of
from administration.models import ImportRun, Mailbox, Office, Region
from administration.offices.selectors import PROVINCE
from common.text.id_number import id_check_character
from common.text.uscc import uscc_check_character
from enterprises.models import Enterprise
from exams.enums import BatchStatus, EntryState
from exams.models import ExamBatch, ExamEntry
from training.models import TrainingRecord

KINDS = ("exam_results", "training")
SHOWN = 40


class Command(BaseCommand):
    help = "Measure previews and imports of exam results and training records; leaves nothing behind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, default=20_000)
        parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind of table")
        parser.add_argument("--profile", action="store_true", help="also list the functions that take most of the time")

    def handle(self, *, rows: int, kind: list[str] | None, profile: bool, **options: object) -> None:
        with transaction.atomic():
            numbers = _people_with_entries(rows)
            _count_again(Mailbox, Person, ExamEntry, TrainingRecord)
            for one in kind or KINDS:
                content = _table(_results(numbers) if one == "exam_results" else _training(numbers))
                run = ImportRun.objects.create(kind=one, file_name=f"{one}.csv", sha256=sha256_of(content))
                self._measure(f"{one}: preview", rows, run, content, dry_run=True, profile=profile)
                run.is_confirmed = True
                self._measure(f"{one}: import", rows, run, content, dry_run=False, profile=profile)
            transaction.set_rollback(True)

    def _measure(self, title: str, rows: int, run: ImportRun, content: bytes, *, dry_run: bool, profile: bool) -> None:
        profiler = cProfile.Profile() if profile else None
        took, book = _spent(lambda: execute(run, content, dry_run=dry_run), profiler)
        if run.state == ImportState.FAILED or book.new != rows:
            raise RuntimeError(f"{title}: {book.new} of {rows} rows are new: {run.error}")
        self.stdout.write(f"{title} {took.words} ({rows} rows)")
        self.stdout.flush()
        if profiler is not None:
            listed = io.StringIO()
            pstats.Stats(profiler, stream=listed).sort_stats("cumulative").print_stats(SHOWN)
            pstats.Stats(profiler, stream=listed).sort_stats("tottime").print_stats(SHOWN)
            self.stdout.write(listed.getvalue())


@dataclass(frozen=True)
class Spent:
    """Holds seconds. On a busy machine `passed` is longer, and `process` and `database` are nearly the same."""

    passed: float
    process: float
    database: float

    @property
    def words(self) -> str:
        busy = self.process + self.database
        return f"{self.passed:.2f} s, CPU {busy:.2f} s: process {self.process:.2f}, database {self.database:.2f}"


def _spent(work: Callable[[], Book], profiler: cProfile.Profile | None) -> tuple[Spent, Book]:
    backend = _backend()
    before = time.perf_counter(), time.process_time(), _cpu_of(backend)
    book = profiler.runcall(work) if profiler is not None else work()
    after = time.perf_counter(), time.process_time(), _cpu_of(backend)
    return Spent(*(end - start for start, end in zip(before, after, strict=True))), book


def _backend() -> Path:
    """Answers the account that Linux keeps of the process of the database that serves this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return Path(f"/proc/{pid}/stat")


def _cpu_of(account: Path) -> float:
    """Answers 0 where the database runs on another machine, or the system is not Linux."""
    try:
        fields = account.read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _people_with_entries(count: int) -> list[str]:
    """Makes registered people, each admitted to one exam of yesterday, and answers their ID numbers."""
    now, yesterday = timezone.now(), localdate() - timedelta(days=1)
    numbers = [_id_number(serial) for serial in range(count)]
    boxes = Mailbox.objects.bulk_create(Mailbox() for _ in numbers)
    people = Person.objects.bulk_create(
        Person(
            name="考生",
            id_number=number,
            id_number_index=id_number_index(number),
            sex="male",
            birth_date=date(1985, 6, 15),
            registered_at=now,
            mailbox=box,
        )
        for number, box in zip(numbers, boxes, strict=True)
    )
    region, _ = Region.objects.get_or_create(code=PROVINCE, defaults={"name": "江西省"})
    office = Office.objects.create(name="导入测速用考试机构", kind=OfficeKind.ORGANISER, region=region)
    enterprise = Enterprise.objects.create(uscc=_uscc(), name="导入测速用企业", region=region)
    batch = _batch(region, office, count, now, yesterday)
    ExamEntry.objects.bulk_create(
        ExamEntry(
            batch=batch,
            person=person,
            enterprise=enterprise,
            office=office,
            category="C2",
            post="08",
            state=EntryState.APPROVED,
            reviewed_at=now - timedelta(days=15),
            notified_at=now - timedelta(days=15),
        )
        for person in people
    )
    return numbers


def _count_again(*models: type[Model]) -> None:
    """The planner has to know of the new rows, as it does by itself once they are committed."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _batch(region: Region, office: Office, count: int, now: datetime, day: date) -> ExamBatch:
    return ExamBatch.objects.create(
        name="导入测速用批次",
        region=region,
        organiser=office,
        categories=["C2"],
        sign_up_from=day - timedelta(days=30),
        sign_up_to=day - timedelta(days=20),
        exam_from=day,
        exam_to=day,
        site="导入测速",
        quota=count,
        taken=count,
        status=BatchStatus.ANNOUNCED,
        announced_at=now,
    )


def _id_number(serial: int) -> str:
    """Gives no two serials below 20 million one number, and none that anybody has: the region was never used."""
    day = date(1960, 1, 1) + timedelta(serial // 1000)
    first17 = f"369999{day:%Y%m%d}{serial % 1000:03d}"
    return first17 + id_check_character(first17)


def _uscc() -> str:
    return "91369999MA9999999" + uscc_check_character("91369999MA9999999")


def _results(numbers: Sequence[str]) -> Iterable[Sequence[object]]:
    """Six in ten pass, three fail and one is absent, as in a common batch."""
    yield ("姓名", "身份证号", "成绩", "缺考")
    for serial, number in enumerate(numbers):
        last = serial % 10
        yield ("考生", number, "", "是") if last == 9 else ("考生", number, Decimal(95 - 6 * last), "")


def _training(numbers: Sequence[str]) -> Iterable[Sequence[object]]:
    day = localdate() - timedelta(days=10)
    yield ("姓名", "身份证号", "培训机构", "课程", "学时", "开始日期", "结束日期")
    for number in numbers:
        yield ("考生", number, "导入测速用培训机构", "安全生产法规", 24, day, day)


def _table(rows: Iterable[Sequence[object]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()
