"""Keeps what the rows of an import say again that was stored before, so that it is not taken back with the import before.

The ids are stored in blocks, because a file may repeat a million rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, F, Func, QuerySet, Sum

from administration.models import ImportRepetition, ImportReversal, ImportRun
from common.findings import Cure, Finding

BLOCK = 20_000


@dataclass
class Repetitions:
    """Collects ids by the kind of their objects and the fields that the rows name; `()` stands for all."""

    _ids: dict[tuple[str, tuple[str, ...]], set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, object_type: str, ids: Iterable[int], fields: Iterable[str] | None = None) -> None:
        names = None if fields is None else tuple(sorted(fields))
        if names != ():
            self._ids[object_type, names or ()].update(ids)

    def write(self, run: ImportRun) -> None:
        ImportRepetition.objects.bulk_create(
            ImportRepetition(
                run=run,
                object_type=object_type,
                fields=list(fields),
                object_ids=block,
                first_id=block[0],
                last_id=block[-1],
            )
            for (object_type, fields), ids in self._ids.items()
            for block in _blocks(sorted(ids))
        )
        self._ids.clear()


def _blocks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + BLOCK] for start in range(0, len(ids), BLOCK))


@dataclass
class SaidAgain:
    """Names the latest import that repeats an object, and the fields that it and those before it have named."""

    run_id: int
    fields: set[str] = field(default_factory=set)
    is_whole: bool = False

    def names(self, fields: Collection[str]) -> bool:
        return self.is_whole or not self.fields.isdisjoint(fields)

    @property
    def finding(self) -> Finding:
        cure = Cure("查看后来的导入", url_name="imports:detail", kwargs={"pk": self.run_id})
        return Finding("reversal.said_again", "后来的导入也有这一行，内容相同", "请先撤回后来的导入。", cure=cure)


def _later(run: ImportRun, object_type: str) -> QuerySet[ImportRepetition]:
    return ImportRepetition.objects.filter(object_type=object_type, run__gt=run.pk, reversal__isnull=True)


def said_again(run: ImportRun, object_type: str, ids: Collection[int]) -> dict[int, SaidAgain]:
    """Maps objects to the later imports that repeat them, in one query."""
    wanted = set(ids)
    found: dict[int, SaidAgain] = {}
    if not wanted:
        return found
    blocks = _later(run, object_type).filter(first_id__lte=max(wanted), last_id__gte=min(wanted))
    for run_id, fields, object_ids in blocks.order_by("run_id", "pk").values_list("run_id", "fields", "object_ids"):
        for pk in wanted.intersection(object_ids):
            known = found.setdefault(pk, SaidAgain(run_id))
            known.run_id = run_id
            known.fields.update(fields)
            known.is_whole |= not fields
    return found


def ids_said_again(run: ImportRun, object_type: str) -> QuerySet[ImportRepetition, int]:
    """Answers the ids of all that later imports repeat, for a query about more rows than fit into memory."""
    one = Func(F("object_ids"), function="unnest", output_field=BigIntegerField())
    return _later(run, object_type).values_list(one, flat=True)


def standing(run: ImportRun) -> int:
    """Counts what the import has repeated, and has not been taken back."""
    blocks = ImportRepetition.objects.filter(run=run, reversal__isnull=True)
    return blocks.aggregate(rows=Sum("object_ids__len"))["rows"] or 0


def withdraw(reversal: ImportReversal) -> None:
    """Rows that the import has repeated stand no longer against taking back the imports before it."""
    ImportRepetition.objects.filter(run=reversal.run_id, reversal__isnull=True).update(reversal=reversal)
