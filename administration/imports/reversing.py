"""Takes an import back, row by row, as far as nothing was built on what its rows made.

Each importer registers its way: which rows it has left, what stands against each, and how one is taken back. The page
shows all that first, and a confirmation names the digest of what was shown.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from administration.enums import ImportState
from administration.models import ImportReversal, ImportRun
from common.dates import chinese_datetime
from common.findings import Cure, Finding, Refused
from common.jobs import enqueue
from common.registry import Registry

from . import repetitions
from .services import IMPORTERS, one_import_at_a_time

CHUNK = 500
JUDGED_AT_ONCE = 5_000
TASK = "administration.reverse_import"
Obstacles = dict[int, list[Finding]]


@dataclass(frozen=True)
class ShownRow:
    place: str
    subject: str
    words: str


class Way(ABC):
    """Is how imports of one kind are taken back. Rows are whatever the import has left, told apart by their id.

    `is_provincial`: only the province takes such imports back. `promise` tells what happens to the rows.
    """

    promise = ""
    is_provincial = False

    @abstractmethod
    def rows(self, run: ImportRun) -> QuerySet[Any]:
        """Answers what has not been taken back yet, in the order of the ids."""

    def bare_rows(self, run: ImportRun) -> QuerySet[Any]:
        """Answers the same with what `obstacles` needs, for when all are judged."""
        return self.rows(run)

    @abstractmethod
    def obstacles(self, rows: Sequence[Any], run: ImportRun, user_id: int | None) -> Obstacles:
        """Maps the id of a row that cannot be taken back to the reasons. The number of queries is constant."""

    @abstractmethod
    def take_back(self, rows: Sequence[Any], reversal: ImportReversal, now: datetime) -> int:
        """Locks what the rows have made, judges again, and answers how many rows were taken back."""

    @abstractmethod
    def shown(self, rows: Sequence[Any]) -> list[ShownRow]:
        """Says what each row is, and what will become of it."""

    def kept(self, run: ImportRun, user_id: int | None) -> dict[int, str]:
        """Maps the rows of the whole import that stay to a mark of their reasons, which goes into the digest."""
        found = {}
        for rows in in_chunks(self.bare_rows(run), JUDGED_AT_ONCE):
            for pk, reasons in self.obstacles(rows, run, user_id).items():
                found[pk] = "\x1f".join(f"{one.code} {one.message} {one.detail}" for one in reasons)
        return found

    def attempt(self, work: Callable[[], bool]) -> bool:
        """Goes around each chunk with its transaction, for those who lock parties that may change."""
        return work()


WAYS: Registry[Way] = Registry("way of taking imports back")


def in_chunks(rows: QuerySet[Any], size: int) -> Iterable[list[Any]]:
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield chunk
        last = chunk[-1].pk


@dataclass(frozen=True)
class Reach:
    """Counts the rows that an import has left, and names those that stay. It has `repeated` rows that were known."""

    total: int
    kept: Mapping[int, str]
    repeated: int

    @property
    def free(self) -> int:
        return self.total - len(self.kept)

    @property
    def is_any(self) -> bool:
        """Answers whether there is something to take back: rows, or what was said again."""
        return bool(self.free or self.repeated)

    @property
    def digest(self) -> str:
        said = [f"{self.total} {self.repeated}", *(f"{pk} {words}" for pk, words in sorted(self.kept.items()))]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


def reach_of(run: ImportRun, user_id: int | None) -> Reach:
    way = WAYS[run.kind]
    return Reach(way.rows(run).count(), way.kept(run, user_id), repetitions.standing(run))


def may_be_taken_back(run: ImportRun) -> bool:
    """Answers for imports that have written something. A failed import in batches may have, too."""
    failed_late = run.state == ImportState.FAILED and IMPORTERS[run.kind].in_batches
    return run.kind in WAYS and (run.state == ImportState.DONE or failed_late)


@transaction.atomic
def begin_reversal(
    *, run_id: int, plan: str, reason: str, by: str, user_id: int | None, now: datetime | None = None
) -> ImportReversal:
    """Lets the worker take back what was shown under this digest. Raises Refused with every reason."""
    run = ImportRun.objects.select_for_update(no_key=True).get(pk=run_id)
    if findings := _why_not(run, plan, user_id):
        raise Refused(*findings)
    try:
        with transaction.atomic():
            reversal = ImportReversal.objects.create(
                run=run, plan=plan, reason=reason, by=by, user_id=user_id, at=now or timezone.now()
            )
    except IntegrityError as error:
        raise Refused(_running(run)) from error
    enqueue(TASK, reversal_id=reversal.pk, lock=f"import {run.kind}")
    return reversal


def _why_not(run: ImportRun, plan: str, user_id: int | None) -> list[Finding]:
    if not may_be_taken_back(run):
        return [Finding("reversal.not_done", "这次导入没有写入数据", "只有已经完成的导入可以撤回。")]
    if run.reversals.filter(finished_at__isnull=True).exists():
        return [_running(run)]
    reach = reach_of(run, user_id)
    if not (reach.total or reach.repeated):
        return [Finding("reversal.nothing", "没有可以撤回的行", "这次导入没有留下数据，或已全部撤回。")]
    if not reach.is_any:
        return [Finding("reversal.all_kept", "所有的行都不能撤回", "每一行的原因见下面的列表。")]
    if plan != reach.digest:
        return [Finding("reversal.other_preview", "情况有了变化，没有撤回任何一行", "下面是新的预览，请看过再确认。")]
    return []


def _running(run: ImportRun) -> Finding:
    other = ImportReversal.objects.get(run=run, finished_at__isnull=True)
    detail = f"{other.by}已于{chinese_datetime(other.at)}开始撤回，完成后这里会显示结果。"
    cure = Cure("查看进度", url_name="imports:reversal", kwargs={"pk": run.pk})
    return Finding("reversal.running", "这次导入正在撤回，没有重复办理", detail, cure=cure)


def run_reversal(reversal_id: int) -> None:
    """May be killed at any moment and run again: it goes on behind the last row that was committed."""
    run_id = ImportReversal.objects.values_list("run", flat=True).get(pk=reversal_id)
    way = WAYS[ImportRun.objects.values_list("kind", flat=True).get(pk=run_id)]
    while way.attempt(lambda: take_back_chunk(reversal_id)):
        pass


@transaction.atomic
def take_back_chunk(reversal_id: int) -> bool:
    """Answers whether rows may be left."""
    reversal = ImportReversal.objects.select_related("run").get(pk=reversal_id)
    if reversal.finished_at is not None:
        return False
    run = reversal.run
    one_import_at_a_time(run.kind)
    rows = list(WAYS[run.kind].rows(run).filter(pk__gt=reversal.last_row).order_by("pk")[:CHUNK])
    if not rows:
        repetitions.withdraw(reversal)
        ImportReversal.objects.filter(pk=reversal.pk).update(finished_at=timezone.now())
        return False
    taken = WAYS[run.kind].take_back(rows, reversal, timezone.now())
    ImportReversal.objects.filter(pk=reversal.pk).update(
        last_row=rows[-1].pk, taken=F("taken") + taken, kept=F("kept") + len(rows) - taken
    )
    return True
