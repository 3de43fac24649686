"""Shows the applicant's contact, masked until an office asks for it; every look is audited."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.models import User
from workflow.request_actor import actor_for
from workflow.selectors.content import private_rows
from workflow.selectors.readable import find_gone

from .loading import load_visible
from .queue import DESK_DUTIES
from .refusals import where_now


@staff_required(DESK_DUTIES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Shows the numbers in full in the answer to a POST only, so that opening the page again is audited again."""
    actor = actor_for(request)
    if gone := find_gone(actor, number):
        messages.warning(request, where_now(gone))
        return redirect("workflow:office")
    application = load_visible(actor, number)
    is_shown = request.method == "POST"
    if is_shown:
        by = request.user if isinstance(request.user, User) else None
        audit.record("reveal_contact", by=by, about=application, detail={"number": number}, request=request)
    context = {
        "application": application,
        "facts": private_rows(application, shows_private=is_shown),
        "is_shown": is_shown,
    }
    return render(request, "workflow/contact.html", context)
