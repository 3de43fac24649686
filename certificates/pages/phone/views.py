"""Shows the first page of the phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import person_required
from accounts.access.requests import user_of
from workflow.request_actor import actor_for, keep_menu_counts
from workflow.selectors.mailboxes import mailbox_id_of

from .selectors import phone_home_of


@person_required
@require_safe
def phone_home(request: HttpRequest) -> HttpResponse:
    actor, user = actor_for(request), user_of(request)
    home = phone_home_of(actor, user.person, mailbox_id_of(actor, user) or 0)
    keep_menu_counts(request, inbox=home.waiting, messages=home.unread)
    return render(request, "certificates/phone/home.html", {"home": home})
