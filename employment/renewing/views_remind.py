"""Takes reminders to people who have not answered a proposal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access.decorators import operator_required
from common.findings import Refused
from common.web.ids import ids_of
from common.web.methods import require_POST
from workflow.request_actor import actor_for

from .reminding import remind_of_proposals


@operator_required
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """`action` is `picked` for those ticked or `all` for everybody who has not answered; else `application` names one."""
    action = request.POST.get("action", "")
    try:
        field = "picked" if action == "picked" else "application"
        ids = None if action == "all" else ids_of(request.POST.getlist(field))
        reminded = remind_of_proposals(ids, actor=actor_for(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, reminded.words)
    return redirect(reverse("employment:enterprise") + "?tab=proposals")
