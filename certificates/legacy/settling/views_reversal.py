"""Shows row by row what taking an import back would do, and begins it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from accounts.enums import Duty
from administration.models import ImportRun
from certificates.enums import LegacyState
from certificates.models import LegacyCertificate
from common.findings import Finding, Refused
from common.web.paging import paginate

from .forms import ReversalForm
from .reversal import begin_reversal
from .selectors import kept_rows, reach_of_reversal, reasons_to_keep, reversals_of, rows_of, run_of_old_records
from .views import clerk

PAGE = 50
EFFECTS = {
    LegacyState.UNMATCHED: "不再使用；还没有成为证书，原样保留备查",
    LegacyState.QUARANTINED: "不再待核实，原样保留备查",
    LegacyState.MATCHED: "撤回由它生成的证书，持证人收到消息",
}


@staff_required(Duty.REGISTRY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reversal(request: HttpRequest, run: int) -> HttpResponse:
    actor = clerk(request)
    about = run_of_old_records(run)
    form = ReversalForm(posted(request))
    if request.method != "POST":
        return _page(request, about, form)
    if not form.is_valid():
        return _page(request, about, form, status=400)
    try:
        begin_reversal(about.pk, reason=form.cleaned_data["reason"], by=actor, now=timezone.now())
    except Refused as refused:
        return _page(request, about, form, refusals=refused.findings, status=409)
    messages.success(request, "已开始撤回。可以离开本页，结果在这里查看。")
    return redirect("certificates:reversal", run=about.pk)


def _page(
    request: HttpRequest, run: ImportRun, form: ReversalForm, *, refusals: tuple[Finding, ...] = (), status: int = 200
) -> HttpResponse:
    kept = kept_rows(run)
    shows_kept = request.GET.get("show") == "kept"
    page = paginate(kept if shows_kept else rows_of(run), order=("pk",), cursor=request.GET.get("cursor"), size=PAGE)
    reach, past = reach_of_reversal(run, kept), reversals_of(run)
    context = {
        "run": run,
        "form": form,
        "page": page,
        "rows": _lines(page.items),
        "reach": reach,
        "shows_kept": shows_kept,
        "total_text": f"共 {reach.kept if shows_kept else reach.total} 行",
        "past": past,
        "is_running": any(one.finished_at is None for one in past),
        "refusals": refusals,
    }
    return render(request, "certificates/reversal.html", context, status=status)


def _lines(records: list[LegacyCertificate]) -> list[dict[str, object]]:
    kept = reasons_to_keep(records)
    return [{"record": one, "kept": kept.get(one.pk, []), "effect": EFFECTS[LegacyState(one.state)]} for one in records]
