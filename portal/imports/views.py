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
from accounts.access.requests import user_of
from administration.enums import ImportState
from administration.imports.services import Importer
from administration.imports.uploads import queue_import
from administration.models import ImportRun
from common.database.fields import EncryptedFileSystemStorage
from common.findings import Finding, Refused
from common.tabular.template_file import write_template
from common.tabular.text_workbook import XLSX
from common.web.downloads import content_to_save
from common.web.paging import paginate

from .forms import RunFilters, UploadForm
from .selectors import allowed_importers, load_run, visible_runs
from .views_preview import MAY_IMPORT, show_preview, show_run

TONES = {
    ImportState.DONE: "good",
    ImportState.FAILED: "bad",
    ImportState.RUNNING: "info",
    ImportState.QUEUED: "info",
    ImportState.PREVIEWED: "warn",
    ImportState.DISCARDED: "",
    ImportState.EXPIRED: "",
}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX,
}


@staff_required(MAY_IMPORT)
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
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
    return {"run": run, "title": titles[run.kind], "tone": TONES[ImportState(run.state)]}


@staff_required(MAY_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
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
                )
            except Refused as refused:
                refusals = refused.findings
            else:
                audit.record("import.uploaded", by=user, about=run, detail={"kind": run.kind}, request=request)
                messages.success(request, "文件已收到，正在生成预览。还没有导入任何一行。")
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
    """Writes an empty file with the right titles, as a workbook or, where asked, as csv.

    Spreadsheets need the mark to read csv as UTF-8.
    """
    importer = next((one for one in allowed_importers(user_of(request)) if one.kind == kind), None)
    if importer is None:
        raise Http404
    if request.GET.get("format") != "csv":
        book = write_template(importer.columns, name=importer.title)
        return content_to_save(book, name=f"{kind}.xlsx", content_type=CONTENT_TYPES["xlsx"])
    response = content_to_save("\ufeff", name=f"{kind}.csv", content_type=CONTENT_TYPES["csv"])
    csv.writer(response).writerow([column.title for column in importer.columns])
    return response


@staff_required(MAY_IMPORT)
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    run = load_run(user, pk)
    if run.state == ImportState.PREVIEWED:
        return show_preview(request, run, user)
    return show_run(request, run)


@staff_required(MAY_IMPORT)
@require_safe
def problems_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Writes the refused rows as they came, ID numbers included, for the office to correct, and audits it."""
    run = load_run(user_of(request), pk)
    if not run.problem_file:
        raise Http404
    audit.record("import.problems_downloaded", by=user_of(request), about=run, request=request)
    form = "xlsx" if run.problem_file.endswith(".xlsx") else "csv"
    stored = EncryptedFileSystemStorage().open(run.problem_file)
    name = f"有误的行-{run.pk}.{form}"
    return FileResponse(stored, as_attachment=True, filename=name, content_type=CONTENT_TYPES[form])
