"""Takes back rows of which the import has kept what they made, and what was stored before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from administration.enums import ImportState, RowOutcome
from administration.models import ImportReversal, ImportRow, ImportRun
from common.database.set_updates import update_rows
from common.findings import Cure, Finding

from .plan import plain_values
from .repetitions import SaidAgain, said_again
from .reversing import Obstacles, ShownRow, Way


@dataclass
class Made:
    """Pairs a row with what it made or changed, as it is now."""

    row: ImportRow
    one: Any

    @property
    def is_new(self) -> bool:
        return self.row.outcome == RowOutcome.NEW

    @property
    def before(self) -> dict[str, Any]:
        return dict(self.trace.get("before", {}))

    @property
    def after(self) -> dict[str, Any]:
        return dict(self.trace.get("after", {}))

    @cached_property
    def trace(self) -> Mapping[str, Mapping[str, Any]]:
        return self.row.trace or {}

    def differing(self, later: Collection[str]) -> list[str]:
        """Names the fields that are no longer as the import has written them, or that `later` imports have written too,
        even if the value has become the same again.
        """
        now = plain_values({name: getattr(self.one, name) for name in self.after})
        return [name for name, value in self.after.items() if now[name] != value or name in later]

    def restored(self) -> list[str]:
        """Gives the object its former values back, and answers their fields."""
        for name, value in self.before.items():
            setattr(self.one, name, type(self.one)._meta.get_field(name.removesuffix("_id")).to_python(value))
        return [name.removesuffix("_id") for name in self.before]


@dataclass
class LaterChanges:
    """Names the latest import, and the fields that it and those before it have written."""

    run_id: int = 0
    fields: set[str] = field(default_factory=set)


MoreObstacles = Callable[[Sequence[Made], ImportRun], Obstacles]


class RowWay(Way):
    """`titles` names the fields in sentences. `more` are obstacles that packages above know of."""

    model: type[Model]
    titles: ClassVar[Mapping[str, str]] = {}

    def __init__(self) -> None:
        self.more: list[MoreObstacles] = []

    def against(self, function: MoreObstacles) -> MoreObstacles:
        """Adds obstacles that another package knows of."""
        if function not in self.more:
            self.more.append(function)
        return function

    def rows(self, run: ImportRun) -> QuerySet[ImportRow]:
        return ImportRow.objects.filter(
            run=run, outcome__in=(RowOutcome.NEW, RowOutcome.CHANGED), reversal__isnull=True
        ).order_by("pk")

    def bare_rows(self, run: ImportRun) -> QuerySet[ImportRow]:
        # Each of these would be decrypted.
        return self.rows(run).defer("subject", "changes")

    def shown(self, rows: Sequence[ImportRow]) -> list[ShownRow]:
        return [ShownRow(row.place, row.subject, self.words(row)) for row in rows]

    def words(self, row: ImportRow) -> str:
        if row.outcome == RowOutcome.NEW:
            return "删除这次新增的内容"
        return "；".join(f"{title}改回“{before or '空'}”" for title, before, _ in row.changes) or "改回原来的内容"

    def obstacles(self, rows: Sequence[ImportRow], run: ImportRun, user_id: int | None) -> Obstacles:
        objects = self.model._default_manager.in_bulk([row.object_id for row in rows if row.object_id])
        return self._judge(rows, objects, run, user_id)

    def _judge(
        self, rows: Sequence[ImportRow], objects: Mapping[int, Any], run: ImportRun, user_id: int | None
    ) -> Obstacles:
        found: Obstacles = defaultdict(list)
        there = [Made(row, one) for row in rows if (one := objects.get(row.object_id or 0)) is not None]
        for row in rows:
            if row.object_id not in objects:
                found[row.pk].append(Finding("reversal.gone", "这一行的内容已经不在", "不需要撤回。"))
        later = self._later_changes(there, run)
        again = said_again(run, self.model._meta.label_lower, [made.one.pk for made in there])
        for made in there:
            found[made.row.pk] += self._common(made, later, again)
        for sources in (self.built_on(there, run, user_id), *(one(there, run) for one in self.more)):
            for pk, findings in sources.items():
                found[pk] += findings
        return {pk: findings for pk, findings in found.items() if findings}

    def _later_changes(self, there: Sequence[Made], run: ImportRun) -> dict[int, LaterChanges]:
        """Maps an object to what other imports have changed of it since."""
        rows = ImportRow.objects.filter(
            object_type=self.model._meta.label_lower,
            object_id__in=[made.one.pk for made in there],
            run__gt=run.pk,
            run__state=ImportState.DONE,
            reversal__isnull=True,
        )
        found: dict[int, LaterChanges] = defaultdict(LaterChanges)
        for row in rows.order_by("run_id", "pk").only("object_id", "run", "trace"):
            changes = found[row.object_id or 0]
            changes.run_id = row.run_id
            changes.fields.update((row.trace or {}).get("after", {}))
        return dict(found)

    def _common(self, made: Made, later: Mapping[int, LaterChanges], again: Mapping[int, SaidAgain]) -> list[Finding]:
        if not made.after:
            detail = "这次导入时系统还没有保存改动前的内容，请逐条更正。"
            return [Finding("reversal.no_trace", "没有保存原来的内容", detail)]
        since, same = later.get(made.one.pk), again.get(made.one.pk)
        repeated = [same.finding] if same is not None and same.names(made.after) else []
        differing = made.differing(since.fields if since else ())
        if not differing:
            return repeated
        words = "、".join(dict.fromkeys(self.titles.get(name, "内容") for name in differing))
        cure = Cure("查看后来的导入", url_name="imports:detail", kwargs={"pk": since.run_id}) if since else None
        detail = "请先撤回后来的导入。" if since else "撤回会丢掉后来的改动，请直接更正。"
        return [Finding("reversal.changed_since", f"后来又改过：{words}", detail, cure=cure), *repeated]

    def built_on(self, there: Sequence[Made], run: ImportRun, user_id: int | None) -> Obstacles:
        """Answers what stands against rows of this kind besides later changes."""
        return {}

    def take_back(self, rows: Sequence[ImportRow], reversal: ImportReversal, now: datetime) -> int:
        objects = self.lock([row.object_id for row in rows if row.object_id])
        kept = self._judge(rows, objects, reversal.run, reversal.user_id)
        free = [Made(row, objects[row.object_id]) for row in rows if row.pk not in kept and row.object_id]
        self.undo(free, reversal, now)
        ImportRow.objects.filter(pk__in=[made.row.pk for made in free]).update(reversal=reversal)
        return len(free)

    def lock(self, ids: Collection[int]) -> dict[int, Any]:
        rows = self.model._default_manager.filter(pk__in=ids).order_by("pk").select_for_update()
        return {row.pk: row for row in rows}

    def undo(self, free: Sequence[Made], reversal: ImportReversal, now: datetime) -> None:
        """Deletes what is new, and gives the rest its former values back."""
        self.model._default_manager.filter(pk__in=[made.one.pk for made in free if made.is_new]).delete()
        self.restore([made for made in free if not made.is_new])

    def restore(self, changed: Sequence[Made]) -> None:
        fields: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        for made in changed:
            fields[tuple(sorted(made.restored()))].append(made.one)
        for names, objects in fields.items():
            update_rows(objects, names)


def users_of(objects: Iterable[Model], *, besides: Collection[type[Model]]) -> dict[int, list[str]]:
    """Maps each object to the names of what points to it, in one query for each relation of the model."""
    objects = list(objects)
    found: dict[int, list[str]] = defaultdict(list)
    if not objects:
        return {}
    # Relations without a name for the way back are hidden from `related_objects`.
    for relation in type(objects[0])._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.related_model in besides:
            continue
        name = relation.field.name
        rows = relation.related_model._base_manager.filter(**{f"{name}__in": [one.pk for one in objects]})
        title = str(relation.related_model._meta.verbose_name)
        for pk in rows.order_by(f"{name}_id").values_list(f"{name}_id", flat=True).distinct():
            if title not in found[pk]:
                found[pk].append(title)
    return dict(found)
