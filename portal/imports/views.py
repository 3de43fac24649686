"""Shows imports in the back office: upload, progress, and which rows were refused and why."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.enums import Duty
from accounts.models import User
from administration.enums import RunState
from administration.imports.services import IMPORTERS, LISTED_PROBLEMS, Importer
from administration.imports.uploads import UNFINISHED, queue_import
from administration.models import ImportRun
from common.database.fields import EncryptedFileSystemStorage
from common.findings import Finding, Refused
from common.web.paging import capped_count, paginate

from .forms import RunFilters, UploadForm
from .selectors import allowed_importers, load_run, problems_of, visible_runs

MAY_IMPORT = (Duty.REGISTRY, Duty.TRAINING, Duty.ORGANISE)
PROBLEMS_PAGE = 50
TONES = {RunState.DONE: "good", RunState.FAILED: "bad", RunState.RUNNING: "info", RunState.QUEUED: "info"}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@staff_required(MAY_IMPORT)
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    kinds = allowed_importers(user)
    filters = RunFilters(request.GET, importers=kinds)
    runs = filters.narrowed(visible_runs(user))
    page = paginate(runs, order=("-id",), cursor=request.GET.get("cursor"))
    context = {
        "filters": filters,
        "page": page,
        "rows": [_row(run, kinds) for run in page.items],
        "is_filtered": filters.has_changed(),
    }
    return render(request, "portal/imports.html", context)


def _row(run: ImportRun, kinds: Sequence[Importer]) -> dict[str, object]:
    titles = {one.kind: one.title for one in kinds}
    return {"run": run, "title": titles[run.kind], "tone": TONES[RunState(run.state)]}


@staff_required(MAY_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    kinds = allowed_importers(user)
    refusals: Sequence[Finding] = ()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, importers=kinds)
        if form.is_valid():
            try:
                run = queue_import(
                    form.cleaned_data["kind"],
                    form.cleaned_data["file"],
                    by=user.name,
                    user_id=user.pk,
                    office=user.office,
                    confirmed=form.cleaned_data["confirmed"],
                )
            except Refused as refused:
                refusals = refused.findings
            else:
                detail = {"kind": run.kind, "confirmed": run.is_confirmed}
                audit.record("import.uploaded", by=user, about=run, detail=detail, request=request)
                messages.success(request, "文件已收到，正在导入。")
                return redirect("imports:detail", pk=run.pk)
    else:
        only = kinds[0].kind if len(kinds) == 1 else None
        form = UploadForm(initial={"kind": request.GET.get("kind", only)}, importers=kinds)
    status = 409 if refusals else 400 if form.errors else 200
    context = {"form": form, "kinds": kinds, "refusals": refusals}
    return render(request, "portal/import_new.html", context, status=status)


@staff_required(MAY_IMPORT)
@require_safe
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Writes an empty file with the right titles; spreadsheets need the mark to read it as UTF-8."""
    importer = next((one for one in allowed_importers(_user(request)) if one.kind == kind), None)
    if importer is None:
        raise Http404
    response = HttpResponse("\ufeff", content_type=CONTENT_TYPES["csv"])
    response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    csv.writer(response).writerow([column.title for column in importer.columns])
    return response


@staff_required(MAY_IMPORT)
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = load_run(_user(request), pk)
    problems = problems_of(run)
    page = paginate(problems, order=("row_number", "id"), cursor=request.GET.get("cursor"), size=PROBLEMS_PAGE)
    count, more = capped_count(problems, LISTED_PROBLEMS - 1)
    context = {
        "run": run,
        "title": _row(run, list(IMPORTERS))["title"],
        "progress": _progress(run),
        "is_running": run.state in UNFINISHED,
        "facts": _facts(run),
        "page": page,
        "total_text": f"{count} 条以上，全部在下载的文件中" if more else f"共 {count} 条",
    }
    return render(request, "portal/import_detail.html", context)


def _progress(run: ImportRun) -> dict[str, object]:
    """Without an estimate the bar only says that the import is running."""
    return {
        "id": "import-progress",
        "label": "导入进度",
        "done": min(run.rows_read, run.rows_total) if run.rows_total else run.rows_read,
        "total": run.rows_total,
        "running": run.state in UNFINISHED,
        "failed": run.state == RunState.FAILED,
        "note": "正在排队，前面还有导入没有完成。" if run.state == RunState.QUEUED else "",
    }


def _facts(run: ImportRun) -> list[tuple[str, object]]:
    return [
        ("读取行数", run.rows_read),
        ("新增", run.rows_new),
        ("更新", run.rows_changed),
        ("已存在，未改动", run.rows_known),
        ("待人工核实", run.rows_quarantined),
        ("有误，未导入", run.rows_bad),
        ("操作人", f"{run.by}（{run.office.name}）" if run.office else run.by),
    ]


@staff_required(MAY_IMPORT)
@require_safe
def problems_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Writes the refused rows as they came, ID numbers included, for the office to correct, and audits it."""
    run = load_run(_user(request), pk)
    if not run.problem_file:
        raise Http404
    audit.record("import.problems_downloaded", by=_user(request), about=run, request=request)
    form = "xlsx" if run.problem_file.endswith(".xlsx") else "csv"
    stored = EncryptedFileSystemStorage().open(run.problem_file)
    name = f"有误的行-{run.pk}.{form}"
    return FileResponse(stored, as_attachment=True, filename=name, content_type=CONTENT_TYPES[form])
