"""我的登记: lists for a clerk the people whom this clerk has registered at the counter, day by day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty
from common.web.paging import paginate

from .forms import OwnRegistrationsFilter
from .selectors import by_day, registered_by


@staff_required(Duty.REGISTER)
@never_cache
@require_safe
def counter_own(request: HttpRequest) -> HttpResponse:
    """Numbers stay masked, and nobody's page opens from here: whoever needs it searches the number from the card."""
    filters = OwnRegistrationsFilter(request.GET)
    rows = registered_by(user_of(request), since=filters.first_day, until=filters.last_day)
    page = paginate(rows, order=("-registered_at",), cursor=request.GET.get("cursor"))
    context = {"page": page, "days": by_day(page.items), "filters": filters, "is_filtered": filters.is_narrow}
    return render(request, "accounts/counter_own.html", context)
