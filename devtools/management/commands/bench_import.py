"""Measures how much longer an import of old certificates takes than COPY of the same rows into the same table."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from administration.imports.services import run_import
from administration.models import ImportRun
from certificates.legacy.columns import COLUMNS
from certificates.models import Certificate, LegacyCertificate
from common.dates import term_end
from common.text.id_number import id_check_character

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
CATEGORIES = ("A", "B", "C1", "C2", "C3", "C")


class Command(BaseCommand):
    help = "Compare an import of old certificates with plain COPY of the same rows; leaves nothing behind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, default=100_000)

    def handle(self, *, rows: int, **options: object) -> None:
        with tempfile.TemporaryDirectory() as folder, transaction.atomic():
            file = Path(folder) / "legacy.csv"
            write_file(file, rows)
            imported = _seconds(lambda: run_import("legacy", file, file.name))
            copied = self._copy_seconds()
            transaction.set_rollback(True)
        ratio = imported / copied
        self.stdout.write(f"import {imported:.2f} s, plain COPY {copied:.2f} s, ratio {ratio:.2f} ({rows} rows)")

    @staticmethod
    def _copy_seconds() -> float:
        """Copies the same rows into an empty table with the same indexes and constraints."""
        table = LegacyCertificate._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE bench_import (LIKE {table} INCLUDING ALL)")
            for column, target in (("import_run_id", ImportRun), ("certificate_id", Certificate)):
                cursor.execute(
                    f"ALTER TABLE bench_import ADD FOREIGN KEY ({column}) REFERENCES {target._meta.db_table} (id)"
                    " DEFERRABLE INITIALLY DEFERRED"
                )
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                blocks = [bytes(block) for block in copy]

            def put_back() -> None:
                with cursor.copy("COPY bench_import FROM STDIN") as copy:
                    for block in blocks:
                        copy.write(block)

            return _seconds(put_back)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return time.perf_counter() - started


def write_file(file: Path, rows: int) -> None:
    """Writes made-up people; the same count gives the same rows."""
    chance = random.Random(rows)  # noqa: S311  no secrets
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.title for column in COLUMNS])
        for serial in range(1, rows + 1):
            writer.writerow(_row(serial, chance))


def _row(serial: int, chance: random.Random) -> list[str]:
    birth = date(1960, 1, 1) + timedelta(chance.randrange(15_000))
    first17 = f"36{chance.randrange(101, 1130):04d}{birth:%Y%m%d}{serial % 1000:03d}"
    year, category = 2010 + serial % 15, CATEGORIES[serial % 6]
    starts = date(year, 1 + serial % 12, 1 + serial % 28)
    return [
        chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN),
        first17 + id_check_character(first17),
        "男" if int(first17[16]) % 2 else "女",
        f"赣建安{category}（{year}）{serial:07d}",
        category,
        f"江西第{serial % 5000}建筑工程有限公司",
        "",
        "",
        starts.isoformat(),
        starts.isoformat(),
        starts.isoformat(),
        term_end(starts).isoformat(),
        "有效",
    ]
