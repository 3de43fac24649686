"""Shows the figures of one exam, and sends them as a table."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from certificates.enums import Category
from common.tabular.problem_file import as_csv
from common.web.downloads import content_to_save
from exams.selectors import batch_to_record
from workflow.request_actor import actor_for

from .selectors import Cell, Figures, cells_of, summed

COLUMNS = ("报名", "审核通过", "到考", "合格", "合格率", "缺考", "没有结果")


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_safe
def statistics(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_to_record(actor_for(request), pk)
    cells = cells_of(batch)
    context = {
        "batch": batch,
        "columns": COLUMNS,
        "tables": [("按类别", "类别", _by_category(cells)), ("按地市", "地市", _by_city(cells))] if cells else [],
    }
    return render(request, "exams/statistics.html", context)


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_safe
def statistics_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The table has every category of every city; it holds no names."""
    cells = cells_of(batch_to_record(actor_for(request), pk))
    rows = [["地市", "类别", *COLUMNS]]
    rows += [[city, category, *_row(found)] for (city, category), found in summed(cells, _place_and_category)]
    rows += [["合计", "", *_row(found)] for _, found in summed(cells, lambda cell: ())]
    return content_to_save(as_csv(rows), name=f"exam-statistics-{pk}.csv", content_type="text/csv; charset=utf-8")


def _place_and_category(cell: Cell) -> tuple[str, ...]:
    return cell.city, cell.category


def _by_category(cells: Iterable[Cell]) -> list[dict[str, object]]:
    listed = list(cells)
    found = sorted(summed(listed, lambda cell: (cell.category,)), key=lambda pair: pair[0])
    rows = [(f"{category}证（{Category(category).label}）", figures) for (category,), figures in found]
    return _with_total(rows, listed)


def _by_city(cells: Iterable[Cell]) -> list[dict[str, object]]:
    listed = list(cells)
    return _with_total([(city, figures) for (city,), figures in summed(listed, lambda cell: (cell.city,))], listed)


def _with_total(rows: list[tuple[str, Figures]], cells: list[Cell]) -> list[dict[str, object]]:
    total = [("合计", figures) for _, figures in summed(cells, lambda cell: ())]
    return [{"name": name, "figures": figures} for name, figures in (*rows, *total)]


def _row(found: Figures) -> list[str]:
    counted = (found.entered, found.admitted, found.present, found.passed)
    return [*map(str, counted), found.pass_rate, str(found.absent), str(found.unsettled)]
