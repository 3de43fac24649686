"""Shows the activity of one operator to the colleagues of the same enterprise."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import operator_required
from common.web.paging import paginate
from enterprises.ca_login.backend import enterprise_of
from enterprises.ca_login.selectors import key_of_enterprise

from .selectors import Act, act_of_entry, act_of_event, entries_of, events_of


@operator_required
@require_safe
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_of(request)
    key, cursor = key_of_enterprise(pk, enterprise.pk), request.GET.get("cursor")
    tab = "others" if request.GET.get("tab") == "others" else "cases"
    page: Any
    acts: list[Act]
    if tab == "others":
        page = paginate(entries_of(key.user_id), order=("-at", "-id"), cursor=cursor)
        acts = [act_of_entry(entry) for entry in page.items]
    else:
        page = paginate(events_of(key.user_id), order=("-id",), cursor=cursor)
        acts = [act_of_event(event, enterprise.pk) for event in page.items]
    return render(request, "portal/operator_activity.html", {"key": key, "tab": tab, "page": page, "acts": acts})
