"""Shows the office what people have said, and lets it answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.models import User
from common.findings import Finding, Refused
from common.web.paging import paginate

from .forms import AnswerForm, FeedbackFilters
from .permissions import DUTIES, why_not
from .selectors import ORDER, all_feedback, one_of
from .services import answer_feedback


def _clerk(request: HttpRequest) -> User:
    user = user_of(request)
    if reason := why_not(user):
        raise PermissionDenied(reason)
    return user


@staff_required(DUTIES)
@never_cache
@require_safe
def feedback_list(request: HttpRequest) -> HttpResponse:
    _clerk(request)
    filters = FeedbackFilters(request.GET)
    page = paginate(filters.narrowed(all_feedback()), order=ORDER, cursor=request.GET.get("cursor"))
    context = {"filters": filters, "page": page, "is_filtered": filters.has_changed()}
    return render(request, "portal/feedback_list.html", context)


@staff_required(DUTIES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever was slower than a colleague sees both answers, the own one marked as not sent."""
    user, found = _clerk(request), one_of(pk)
    if found is None:
        raise Http404("没有这条意见")
    form = AnswerForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            answer_feedback(found.pk, answer=form.cleaned_data["answer"], by=user, now=now())
        except Refused as refused:
            refusals, status, found = refused.findings, 409, one_of(pk) or found
        else:
            messages.success(request, "答复已发到对方的消息里。" if found.mailbox_id else "答复已记录。")
            return redirect("feedback_list")
    unsent = form.cleaned_data["answer"] if refusals else ""
    context = {"said": found, "form": form, "refusals": refusals, "unsent": unsent}
    return render(request, "portal/feedback_one.html", context, status=status)
