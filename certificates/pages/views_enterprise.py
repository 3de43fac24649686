"""人员与证书: shows an enterprise its people and their certificates."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.access.decorators import operator_required
from common.web.paging import paginate
from workflow.request_actor import actor_for

from .forms import StaffFilter
from .roster import Roster

ORDER = ("name",)


@operator_required
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    filters = StaffFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    board = Roster(actor_for(request).enterprise_id or 0, localdate())
    people, certificates = board.narrowed(wanted)
    page = paginate(people, order=ORDER, cursor=request.GET.get("cursor"))
    lines = board.lines(page.items, certificates)
    context = {
        "filters": filters,
        "is_narrowed": any(wanted.values()),
        "figures": board.figures(),
        "page": page,
        "lines": lines,
        "is_waiting": any(line.paper.is_waiting for line in lines),
    }
    return render(request, "certificates/staff.html", context)
