"""Shows one import: what it will do before it is confirmed, and what it did; confirms it or gives it up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty
from accounts.models import User
from administration.enums import ImportState, RowOutcome
from administration.imports.report import LISTED_PROBLEMS
from administration.imports.reversing import may_be_taken_back
from administration.imports.services import IMPORTERS
from administration.imports.uploads import UNFINISHED, discard_import
from administration.models import ImportRun
from common.findings import Finding, Refused
from common.web.methods import require_POST
from common.web.paging import capped_count, paginate

from .forms import ConfirmForm
from .permissions import why_not_confirm, why_not_discard, why_not_reverse
from .selectors import effects_of, load_run, problems_of, reversals_of, rows_of
from .services import take_next_step

MAY_IMPORT = (Duty.REGISTRY, Duty.TRAINING, Duty.ORGANISE)
PROBLEMS = "problems"
PAGE = 50
FIRST_ROWS = 10
SECTIONS = {
    RowOutcome.CHANGED: "更新：已有的内容会改变",
    PROBLEMS: "需要注意的行",
    RowOutcome.MISSING: "文件中没有的",
    RowOutcome.NEW: "新增",
}
SECTIONS_DONE = {
    PROBLEMS: "需要注意的行",
    RowOutcome.CHANGED: "更新的行",
    RowOutcome.MISSING: "文件中没有的",
    RowOutcome.NEW: "新增的行",
}


def show_run(request: HttpRequest, run: ImportRun, refusals: Sequence[Finding] = (), status: int = 200) -> HttpResponse:
    """Shows a run that nobody has to confirm: it is at work, done, failed or given up."""
    context = {
        "run": run,
        "title": IMPORTERS[run.kind].title,
        "progress": _progress(run),
        "is_running": run.state in UNFINISHED,
        "facts": _facts(run),
        "refusals": refusals,
        "reversal_url": _reversal_url(user_of(request), run),
        "past": reversals_of(run),
        "is_all_or_nothing": IMPORTERS[run.kind].is_all_or_nothing,
        "nothing_wrong": run.state == ImportState.DONE and not problems_of(run).exists(),
    } | _sections(request, run, SECTIONS_DONE)
    return render(request, "portal/import_detail.html", context, status=status)


def _reversal_url(user: User, run: ImportRun) -> str:
    if not may_be_taken_back(run) or why_not_reverse(user, run) is not None:
        return ""
    return reverse("imports:reversal", args=[run.pk])


def show_preview(
    request: HttpRequest,
    run: ImportRun,
    user: User,
    refusals: Sequence[Finding] = (),
    status: int = 200,
    form: ConfirmForm | None = None,
) -> HttpResponse:
    needs_reason = bool(run.questions) and run.answered_at is None
    context: dict[str, Any] = {
        "run": run,
        "title": IMPORTERS[run.kind].title,
        "figures": _figures(run),
        "effects": effects_of(run),
        "confirm_label": "提交理由，请另一人确认"
        if needs_reason
        else f"确认导入 {run.rows_new + run.rows_changed:,} 行",
        "needs_reason": needs_reason,
        "is_takeable": run.rows_new + run.rows_changed + run.rows_quarantined > 0,
        "is_all_or_nothing": IMPORTERS[run.kind].is_all_or_nothing,
        "why_not_confirm": why_not_confirm(user, run),
        "may_discard": why_not_discard(user, run) is None,
        "form": form or ConfirmForm(run=run),
        "refusals": refusals,
    } | _sections(request, run, SECTIONS)
    page = IMPORTERS[run.kind].page
    if page is not None:
        context |= page.context(run, context["sections"])
    return render(request, page.template if page else "portal/import_preview.html", context, status=status)


def _sections(request: HttpRequest, run: ImportRun, titles: dict[Any, str]) -> dict[str, object]:
    """Answers the first rows of each section, or all of the one that the address names, page by page."""
    asked = request.GET.get("show", "")
    if asked in titles:
        rows = problems_of(run) if asked == PROBLEMS else rows_of(run, asked)
        order = ("row_number", "id") if asked == PROBLEMS else ("position", "id")
        page = paginate(rows, order=order, cursor=request.GET.get("cursor"), size=PAGE)
        count, more = capped_count(rows, LISTED_PROBLEMS - 1)
        total = f"{count} 条以上" if more else f"共 {count} 条"
        sections = [{"name": asked, "title": titles[asked], "rows": page.items, "has_more": False}]
        return {"sections": sections, "page": page, "total_text": total, "is_all": False}
    sections = []
    for name, title in titles.items():
        rows = problems_of(run) if name == PROBLEMS else rows_of(run, name)
        first = list(rows[: FIRST_ROWS + 1])
        if first:
            has_more = len(first) > FIRST_ROWS
            sections.append({"name": str(name), "title": title, "rows": first[:FIRST_ROWS], "has_more": has_more})
    return {"sections": sections, "page": None, "total_text": "", "is_all": True}


def _figures(run: ImportRun) -> list[tuple[str, int, str, str]]:
    """Answers section, number, name and what it means."""
    figures = [
        (RowOutcome.NEW, run.rows_new, "新增", "原来没有"),
        (RowOutcome.CHANGED, run.rows_changed, "更新", "已有内容会改变"),
        ("", run.rows_known, "不变", "已有相同内容"),
        (PROBLEMS, run.rows_bad, "不导入", "这些行有错"),
    ]
    if run.rows_quarantined:
        figures.append((PROBLEMS, run.rows_quarantined, "待人工核实", "保存，但不生效"))
    if run.rows_missing:
        figures.append((RowOutcome.MISSING, run.rows_missing, "文件中没有", "应有而没有的"))
    return [(str(name), number, title, meaning) for name, number, title, meaning in figures]


def _progress(run: ImportRun) -> dict[str, object]:
    """Without an estimate the bar only says that the import is running."""
    return {
        "id": "import-progress",
        "label": "导入进度" if run.confirmed_at else "正在生成预览",
        "done": min(run.rows_read, run.rows_total) if run.rows_total else run.rows_read,
        "total": run.rows_total,
        "running": run.state in UNFINISHED,
        "failed": run.state == ImportState.FAILED,
        "note": "正在排队，前面还有导入没有完成。" if run.state == ImportState.QUEUED else "",
    }


def _facts(run: ImportRun) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("读取行数", run.rows_read),
        ("新增", run.rows_new),
        ("更新", run.rows_changed),
        ("已存在，未改动", run.rows_known),
        ("待人工核实", run.rows_quarantined),
        ("有误，未导入", run.rows_bad),
        ("操作人", f"{run.by}（{run.office.name}）" if run.office else run.by),
    ]
    if run.rows_missing:
        facts.insert(6, ("文件中没有", run.rows_missing))
    if run.answered_by:
        facts.append(("多得不寻常的内容", "".join(run.questions)))
        facts.append(("核对情况和理由", f"{run.answer}（{run.answered_by}）"))
    if run.confirmed_by:
        facts.append(("确认人", run.confirmed_by))
    return facts


@staff_required(MAY_IMPORT)
@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    run = load_run(user, pk)
    if sentence := why_not_confirm(user, run):
        return _refused(request, user, pk, [Finding("import.not_yours", sentence)], 403)
    form = ConfirmForm(request.POST, run=run)
    if not form.is_valid():
        return show_preview(request, run, user, status=400, form=form)
    values = form.cleaned_data
    try:
        run = take_next_step(
            run_id=pk,
            plan=values.get("plan", ""),
            by=user,
            good_rows_only=values.get("good_rows_only", False),
            answer=values.get("answer", ""),
            has_looked=values.get("looked", False),
        )
    except Refused as refused:
        return _refused(request, user, pk, refused.findings, 409, form)
    if run.confirmed_at is None:
        messages.success(request, "理由已记录，已请同部门另一人确认。还没有导入任何一行。")
    else:
        messages.success(request, "已确认，正在导入。")
    return redirect("imports:detail", pk=pk)


@staff_required(MAY_IMPORT)
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    run = load_run(user, pk)
    if sentence := why_not_discard(user, run):
        return _refused(request, user, pk, [Finding("import.not_yours", sentence)], 403)
    try:
        run = discard_import(run_id=pk)
    except Refused as refused:
        return _refused(request, user, pk, refused.findings, 409)
    audit.record("import.discarded", by=user, about=run, detail={"kind": run.kind}, request=request)
    messages.success(request, "已放弃这个文件，没有导入任何一行。")
    return redirect("imports:list")


def _refused(
    request: HttpRequest,
    user: User,
    pk: int,
    findings: Sequence[Finding],
    status: int,
    form: ConfirmForm | None = None,
) -> HttpResponse:
    """Keeps what was typed, but shows the preview as it is now, with its own digest."""
    run = load_run(user, pk)
    if run.state == ImportState.PREVIEWED:
        kept = ConfirmForm(run=run, kept=form.cleaned_data) if form is not None else None
        return show_preview(request, run, user, findings, status, kept)
    return show_run(request, run, findings, status)
