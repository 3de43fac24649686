"""变动记录: shows an enterprise what has changed in the last thirty days, by day, and gives it as a workbook."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from accounts.access.decorators import operator_required
from accounts.access.rights import Right, post_needs
from common.tabular.text_workbook import XLSX
from common.web.chips import chips_of, chosen_kind
from common.web.downloads import content_to_save
from common.web.methods import require_POST
from enterprises.ca_login.backend import enterprise_of
from workflow.request_actor import actor_for

from .changes import DAYS, MOST, Change, Kind, changes_of
from .exporting import write_changes

PAGE = 50


def _all(request: HttpRequest) -> list[Change]:
    return changes_of(enterprise_of(request), actor_for(request), now=now())


@operator_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    kind, found = chosen_kind(request, list(Kind)), _all(request)
    counts = Counter(one.kind for one in found)
    shown = Paginator([one for one in found if kind in ("", one.kind)], PAGE).get_page(request.GET.get("page"))
    context = {
        "chips": chips_of([one.kind for one in found], Kind, kind),
        "kind": kind,
        "days": DAYS,
        "by_day": [(day, list(rows)) for day, rows in groupby(shown, key=lambda one: localdate(one.at))],
        "shown": shown,
        "most": MOST if max(counts.values(), default=0) >= MOST else 0,
    }
    return render(request, "portal/staff_changes.html", context)


@operator_required
@post_needs(Right.READ)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A POST, because who takes the list is noted."""
    kind = chosen_kind(request, list(Kind))
    content = write_changes([one for one in _all(request) if kind in ("", one.kind)], by=actor_for(request))
    return content_to_save(content, name=f"变动记录-{localdate():%Y%m%d}.xlsx", content_type=XLSX)
