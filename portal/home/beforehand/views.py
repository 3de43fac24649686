"""Shows which businesses can be tried, and tells by the answers what would be missing. Nothing is stored or logged."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import public
from accounts.access.requests import posted
from administration.throttle import Limit, seconds_to_wait
from common.findings import Finding, blocking
from common.web.errors import too_many_requests
from common.web.middleware import client_address
from workflow.views.loading import address_of

from .forms import Answers
from .imagined import what_is_missing
from .kinds import Kind, kind_of, kinds

TRIES = Limit("beforehand", 120)


@public
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/beforehand.html", {"kinds": kinds()})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """The answers are posted, so that they stand in no address and in no log of addresses."""
    known = kind_of(kind)
    if known is None:
        raise Http404("这项业务不能预先检查")
    form = Answers(known.questions, posted(request))
    if not form.is_bound:
        return _page(request, known, form, None)
    if wait := seconds_to_wait(TRIES, client_address(request)):
        return too_many_requests(request, wait)
    if not form.is_valid():
        return _page(request, known, form, None, status=400)
    return _page(request, known, form, what_is_missing(known, form.cleaned_data, localdate()))


def _page(
    request: HttpRequest, kind: Kind, form: Answers, findings: list[Finding] | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "kind": kind,
        "form": form,
        "findings": findings,
        "missing": len(blocking(findings or [])),
        "start_url": address_of(kind.business) if kind.starts_here else "",
    }
    return render(request, "portal/beforehand_kind.html", context, status=status)
