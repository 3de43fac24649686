"""办理情况: the head of section sees what is open, due and late by office, kind and clerk, and takes it along as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.dates import chinese_date, chinese_datetime
from common.tabular.problem_file import neutralised
from common.tabular.text_workbook import XLSX, write_text_workbook
from common.web.downloads import content_to_save
from workflow.request_actor import actor_for
from workflow.selectors.head import Board, Load, board_of

_TITLES = ["分类", "名称", "待办", "今天到期", "超期", "最早的期限", "今天收到", "受理用时", "决定用时", "超期，近八周"]
_WIDTHS = (12, 36, 10, 10, 10, 18, 10, 12, 12, 30)


@staff_required(Duty.HEAD)
@never_cache
@require_safe
def head(request: HttpRequest) -> HttpResponse:
    return render(request, "workflow/head.html", {"board": board_of(actor_for(request))})


@staff_required(Duty.HEAD)
@require_safe
def head_report(request: HttpRequest) -> HttpResponse:
    board = board_of(actor_for(request))
    content = write_text_workbook(_rows(board), name="办理情况", widths=_WIDTHS)
    name = f"weekly-report-{localdate():%Y%m%d}.xlsx"
    return content_to_save(content, name=name, content_type=XLSX)


@staff_required(Duty.HEAD)
@require_safe
def head_report_pdf(request: HttpRequest) -> HttpResponse:
    from .weekly_report import draw_report  # noqa: PLC0415  heavy library

    actor, today = actor_for(request), localdate()
    content = draw_report(board_of(actor), office=actor.acting_for, today=today)
    return content_to_save(content, name=f"weekly-report-{today:%Y%m%d}.pdf", content_type="application/pdf")


def _rows(board: Board) -> Iterator[list[str]]:
    yield _TITLES
    yield _row("合计", board.whole, "全部")
    for one in board.offices:
        yield [*_row("机关", one.load)[:7], one.accept, one.decide, one.weeks_in_words]
    for title, loads in (("业务", board.kinds), ("承办人", board.people)):
        yield from _loads(title, loads)
    for label, _, number, _ in board.ages:
        yield ["期限", label, str(number), *[""] * 7]
    if board.counted_at is not None:
        yield ["统计时间", chinese_datetime(board.counted_at), *[""] * 8]
    yield ["说明", "用时是近 30 天办结的办件的工作日数：中位数 / 九成不超过。", *[""] * 8]


def _loads(title: str, loads: Iterable[Load]) -> Iterator[list[str]]:
    for load in loads:
        yield _row(title, load)


def _row(title: str, load: Load, name: str = "") -> list[str]:
    numbers = [str(load.open), str(load.today), str(load.late)]
    oldest = chinese_date(load.oldest) if load.oldest else ""
    return [title, neutralised(name or load.name), *numbers, oldest, str(load.came), "", "", ""]
