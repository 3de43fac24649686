"""人员继续教育: shows an enterprise which of its people lack hours of continuing education."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.access.decorators import operator_required
from common.web.paging import paginate
from workflow.request_actor import actor_for

from .forms import HoursFilter
from .hours_board import HoursBoard

FIRST_TO_END = ("ends_on",)


@operator_required
@require_safe
def staff_training(request: HttpRequest) -> HttpResponse:
    filters = HoursFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    board = HoursBoard(actor_for(request).enterprise_id or 0, localdate())
    # The keys of the page come first: else the persons of all certificates would be read for it.
    page = paginate(board.narrowed(wanted), order=FIRST_TO_END, cursor=request.GET.get("cursor"), branches=[Q()])
    context = {
        "filters": filters,
        "is_narrowed": any(wanted.values()),
        "figures": board.figures(),
        "page": page,
        "lines": board.lines(page.items),
    }
    return render(request, "certificates/staff_training.html", context)
