"""Shows and exports the full list of a policy extension, before it runs and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty
from administration.table_downloads import CHUNK, FORMS, MOST_ROWS, table_to_save, walked
from certificates.models import PolicyBatch
from common.web.paging import KeysetPage

from .listing import TITLES, Line, choices_of, count_of, is_before, lines_of, page_of, texts_of
from .selectors import batch_by_id

MOST_OF_CSV = 10_000_000


def _chosen(request: HttpRequest, batch: PolicyBatch) -> str:
    only = request.GET.get("only", "")
    return only if only in dict(choices_of(batch)) else ""


@staff_required(Duty.DECIDE)
@never_cache
@require_safe
def policy_list(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_by_id(pk)
    only = _chosen(request, batch)
    page = page_of(batch, only, request.GET.get("cursor"))
    context = {
        "batch": batch,
        "is_before": is_before(batch),
        "choices": [(value, label, value == only) for value, label in choices_of(batch)],
        "only": only,
        "page": page,
        "lines": lines_of(batch, page.items, localdate()),
    }
    return render(request, "certificates/policy_list.html", context)


@staff_required(Duty.DECIDE)
@never_cache
@require_safe
def policy_export(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    batch = batch_by_id(pk)
    if form not in FORMS:
        raise Http404("没有这种文件")
    only = _chosen(request, batch)
    if form == "xlsx" and not only and (total := count_of(batch)) > MOST_ROWS:
        said = f"共 {total:,} 本，一张 xlsx 表放不下（最多 {MOST_ROWS:,} 行）。请导出 csv，或者按结果分别导出。"
        messages.error(request, said)
        return redirect("certificates:policy_list", pk=pk)
    audit.record(
        "export_policy_batch", by=user_of(request), about=batch, detail={"list": only or "all"}, request=request
    )
    lines = (texts_of(line) for line in _walked(batch, only))
    return table_to_save(TITLES, lines, name=f"policy-{pk}", sheet="政策延续", form=form, most_of_csv=MOST_OF_CSV)


def _walked(batch: PolicyBatch, only: str) -> Iterator[Line]:
    today = localdate()

    def page_at(cursor: str | None) -> KeysetPage[Any]:
        return page_of(batch, only, cursor, CHUNK)

    for items in walked(page_at):
        yield from lines_of(batch, items, today)
