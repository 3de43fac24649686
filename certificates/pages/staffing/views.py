"""Shows the enterprise's board, and takes reminders from it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.access.decorators import operator_required
from accounts.access.rights import Right, post_needs
from administration.parameters.book import ParameterBook
from common.findings import Refused
from common.tabular.text_workbook import XLSX
from common.web.downloads import content_to_save
from common.web.ids import ids_of
from common.web.methods import require_POST
from common.web.paging import paginate
from enterprises.ca_login.backend import enterprise_of
from workflow.request_actor import actor_for
from workflow.selectors.lists import MOST_AT_ONCE

from .board import Board
from .exporting import write_staff
from .forms import ORDERS, StaffFilter
from .reminding import remind_holders
from .required import needs_of
from .roster_page import roster_lines

WITHOUT = "none"


@operator_required
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    filters = StaffFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    board = Board(actor_for(request).enterprise_id or 0, localdate())
    is_without, cursor = wanted.get("state") == WITHOUT, request.GET.get("cursor")
    page: Any
    if is_without:
        page = paginate(board.people_without(wanted), order=("name",), cursor=cursor)
        lines = board.lines_without(page.items)
    else:
        page = paginate(board.certificates(wanted), order=ORDERS[wanted.get("sort", "")], cursor=cursor)
        lines = board.lines(page.items)
    employed, without = board.counts
    context = {
        "filters": filters,
        "is_narrowed": any(wanted.get(name) for name in ("name", "category", "post", "state")),
        "is_without": is_without,
        "state": wanted.get("state", ""),
        "figures": board.figures(),
        "needs": needs_of(board, enterprise_of(request).grades, ParameterBook.load()),
        "staff_count": employed,
        "without_count": without,
        "page": page,
        "lines": lines,
        "query": request.GET.urlencode(),
        "may_remind": any(line.may_be_reminded for line in lines),
        "is_waiting": any(line.paper.is_waiting for line in lines),
    }
    return render(request, "certificates/staff.html", context)


@operator_required
@post_needs(Right.READ)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A POST, because who takes the list is noted. Filters that are not offered leave everything, as on the page."""
    filters, actor = StaffFilter(request.GET), actor_for(request)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    board = Board(actor.enterprise_id or 0, localdate())
    content = write_staff(board, wanted, is_full=request.POST.get("full") == "on", by=actor)
    return content_to_save(content, name=f"人员与证书-{localdate():%Y%m%d}.xlsx", content_type=XLSX)


@operator_required
@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    """A page to print, with everybody on it."""
    enterprise, day = enterprise_of(request), localdate()
    lines = roster_lines(enterprise.pk, day)
    context = {
        "enterprise": enterprise,
        "day": day,
        "lines": lines,
        "people": sum(line.number > 0 for line in lines),
        "count": sum(line.certificate is not None for line in lines),
    }
    return render(request, "certificates/roster.html", context)


@operator_required
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """`action` is `picked` for those ticked or `all` for everybody whom the filters show; else `certificate` names one.

    A filter that is not offered names nobody here, because the page it came from showed no such list.
    """
    filters = StaffFilter(request.GET)
    actor, action = actor_for(request), request.POST.get("action", "")
    try:
        if action == "all":
            board = Board(actor.enterprise_id or 0, localdate())
            ids = board.ids(filters.cleaned_data, most=MOST_AT_ONCE + 1) if filters.is_valid() else []
        else:
            ids = ids_of(request.POST.getlist("picked" if action == "picked" else "certificate"))
        reminded = remind_holders(ids, actor=actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, reminded.words)
    return redirect(f"{reverse('certificates:staff')}?{request.GET.urlencode()}")
