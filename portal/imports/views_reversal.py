"""Shows row by row what taking an import back would do, and begins it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.models import User
from administration.imports.reversing import WAYS, may_be_taken_back, reach_of
from administration.imports.services import IMPORTERS
from administration.models import ImportRun
from common.findings import Finding, Refused
from common.web.paging import paginate

from .forms import ReversalForm
from .permissions import why_not_reverse
from .selectors import load_run, reversals_of, rows_left
from .services import take_import_back
from .views_preview import MAY_IMPORT

PAGE = 50


@staff_required(MAY_IMPORT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reversal(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    run = load_run(user, pk)
    if not may_be_taken_back(run):
        raise Http404
    if sentence := why_not_reverse(user, run):
        raise PermissionDenied(sentence)
    form = ReversalForm(posted(request))
    if request.method != "POST":
        return _page(request, run, user, form)
    if not form.is_valid():
        return _page(request, run, user, form, status=400)
    try:
        take_import_back(run_id=pk, plan=form.cleaned_data["plan"], reason=form.cleaned_data["reason"], by=user)
    except Refused as refused:
        kept = ReversalForm(initial={"reason": form.cleaned_data["reason"]})
        return _page(request, run, user, kept, refusals=refused.findings, status=409)
    messages.success(request, "已开始撤回。可以离开本页，结果在这里查看。")
    return redirect("imports:reversal", pk=pk)


def _page(
    request: HttpRequest,
    run: ImportRun,
    user: User,
    form: ReversalForm,
    *,
    refusals: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    way, past = WAYS[run.kind], reversals_of(run)
    is_running = any(one.finished_at is None for one in past)
    reach = reach_of(run, user.pk)
    shows_kept = request.GET.get("show") == "kept"
    rows = rows_left(run, reach.kept if shows_kept else None)
    page = paginate(rows, order=("pk",), cursor=request.GET.get("cursor"), size=PAGE)
    kept = way.obstacles(page.items, run, user.pk)
    context = {
        "run": run,
        "title": IMPORTERS[run.kind].title,
        "form": form,
        "plan": reach.digest,
        "page": page,
        "rows": [
            {"shown": shown, "kept": kept.get(row.pk, [])}
            for row, shown in zip(page.items, way.shown(page.items), strict=True)
        ],
        "reach": reach,
        "promise": way.promise,
        "shows_kept": shows_kept,
        "total_text": f"共 {len(reach.kept) if shows_kept else reach.total} 行",
        "past": past,
        "is_running": is_running,
        "refusals": refusals,
    }
    return render(request, "portal/import_reversal.html", context, status=status)
