"""Takes back the decision that a member of an office has just made."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access.decorators import staff_required
from common.findings import Refused
from common.web.methods import require_POST
from workflow.permissions import DUTY_OF_DESK
from workflow.request_actor import actor_for
from workflow.selectors.held import taken_back_in_words
from workflow.services.undo import take_back


@staff_required(tuple(DUTY_OF_DESK.values()))
@require_POST
def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    """Leads to the case, with what was typed; of several to the list from which they came."""
    actor = actor_for(request)
    try:
        act = take_back(key, actor=actor)
    except Refused as refused:
        messages.error(request, refused.in_words)
        return redirect("workflow:office")
    if act is None:
        raise Http404("没有这一决定，或者不是您作出的")
    messages.success(request, taken_back_in_words(act))
    return redirect(act.back_url)
