"""Takes what anybody says about a page, logged in or not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import public
from accounts.access.requests import posted
from accounts.models import User
from administration.throttle import Limit, seconds_to_wait
from common.findings import Finding
from common.web.addresses import is_pattern, speakable_path
from common.web.middleware import client_address
from workflow.request_actor import actor_or_none
from workflow.selectors.mailboxes import mailbox_id_of

from .forms import TRAP, FeedbackForm
from .selectors import days_kept
from .services import keep_feedback

OF_ADDRESS = Limit("feedback", 20, timedelta(hours=1))
"""People of one office or building site share an address."""
OF_LOGIN = Limit("feedback_login", 10, timedelta(hours=1))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def feedback(request: HttpRequest) -> HttpResponse:
    """The page keeps all that was typed, whatever is wrong, also where too many have come before."""
    user = request.user if isinstance(request.user, User) else None
    mailbox_id = _mailbox_of(request, user)
    page = speakable_path(request.GET.get("page", ""))
    form = FeedbackForm(posted(request), has_mailbox=mailbox_id is not None, initial={"page": page})
    if not form.is_bound:
        return _page(request, form, page, is_sent="sent" in request.GET)
    if not form.is_valid():
        return _page(request, form, speakable_path(form.data.get("page", "")), status=400)
    given = form.cleaned_data
    limit, source = (OF_LOGIN, f"login {user.pk}") if user else (OF_ADDRESS, client_address(request))
    if wait := seconds_to_wait(limit, source):
        response = _page(request, form, given["page"], refusals=[_too_often(wait)], status=429)
        response["Retry-After"] = str(wait)
        return response
    keep_feedback(
        kind=given["kind"],
        text=given["text"],
        page=given["page"],
        contact=given.get("contact", ""),
        by=user,
        mailbox_id=mailbox_id,
        now=now(),
    )
    return redirect(f"{reverse('feedback')}?{urlencode({'sent': 1, 'page': given['page']})}")


def _mailbox_of(request: HttpRequest, user: User | None) -> int | None:
    """Administrators have none, and are asked how to be reached as strangers are."""
    actor = actor_or_none(request)
    return mailbox_id_of(actor, user) if actor is not None and user is not None else None


def _too_often(wait: int) -> Finding:
    return Finding("feedback.too_often", "提交得太频繁", f"内容还在，请 {math.ceil(wait / 60)} 分钟后再提交。")


def _page(
    request: HttpRequest,
    form: FeedbackForm,
    page: str,
    *,
    is_sent: bool = False,
    refusals: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "trap": TRAP,
        "page": page,
        "back_url": "" if is_pattern(page) else page,
        "has_mailbox": "contact" not in form.fields,
        "days": days_kept(localdate()),
        "is_sent": is_sent,
        "refusals": refusals,
    }
    return render(request, "portal/feedback.html", context, status=status)
