"""消息外发: the province chooses which events go out by which channels, and reads what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind
from administration.messages.channels import connected_channels
from administration.messages.events import EVENTS
from administration.outbox.choices import change_choice, choices, find_choice
from administration.outbox.selectors import deliveries
from common.findings import Finding, Refused
from common.forms import said_at_fields
from common.web.paging import paginate

from .forms import ChoiceForm, LogFilters
from .rows import shown

DUTIES = (Duty.DECIDE, Duty.REGISTRY)
NOT_YOURS = "消息外发由省厅“省厅审核”“登记台账”职责的工作人员设置和查看。"


def _clerk(request: HttpRequest) -> User:
    """Refuses other offices: the choice holds for the whole province, and the log is of all its people."""
    user = user_of(request)
    if user.office is None or user.office.kind != OfficeKind.PROVINCIAL:
        raise PermissionDenied(NOT_YOURS)
    return user


@staff_required(DUTIES)
@require_safe
def choice_list(request: HttpRequest) -> HttpResponse:
    _clerk(request)
    context = {
        "rows": [(choice, EVENTS[choice.event]) for choice in choices()],
        "connected": [str(channel.label) for channel in connected_channels()],
    }
    return render(request, "portal/outbox.html", context)


@staff_required(DUTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def choice_edit(request: HttpRequest, event: str) -> HttpResponse:
    user, choice = _clerk(request), find_choice(event)
    if choice is None:
        raise Http404("没有这个事项")
    form = ChoiceForm(request.POST if request.method == "POST" else None, choice=choice)
    refusals: tuple[Finding, ...] = ()
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            changed = change_choice(event, values=form.values(), by=audit.author(user, request), now=now())
        except Refused as refused:
            refusals, status = said_at_fields(form, refused.findings), 409
        else:
            title = EVENTS[event].title
            messages.success(request, f"已保存：{title}。" if changed else f"{title}没有变化。")
            return redirect("outbox:choices")
    context = {"event": EVENTS[event], "form": form, "refusals": refusals}
    return render(request, "portal/outbox_choice.html", context, status=status)


@staff_required(DUTIES)
@never_cache
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    _clerk(request)
    filters = LogFilters(request.GET)
    page = paginate(filters.narrowed(deliveries()), order=("-id",), cursor=request.GET.get("cursor"))
    context = {"filters": filters, "page": page, "rows": shown(page.items), "is_filtered": filters.has_changed()}
    return render(request, "portal/outbox_log.html", context)
