"""Lets a holder make, see and revoke the share links of a certificate."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import person_required
from accounts.access.requests import posted, user_of
from administration.throttle import Limit, seconds_to_wait
from certificates.models import Certificate
from certificates.pages.selectors import own_certificate
from common.dates import chinese_date
from common.findings import Finding, Refused
from common.forms import said_at_fields
from common.web.errors import too_many_requests
from common.web.methods import require_POST
from common.web.sealed_session import SealedValue
from workflow.request_actor import actor_for

from .forms import ShareForm
from .rules import last_day
from .selectors import links_of
from .services import make_link, revoke_link

NEW_LINK = SealedValue("new_share_link", lifetime=timedelta(minutes=10))
"""The address is told on the page that follows, once."""
NEW_LINKS = Limit("share_new", 30, timedelta(days=1))
USUAL = timedelta(days=30)


@person_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, pk: int) -> HttpResponse:
    certificate = own_certificate(actor_for(request), pk)
    if request.method != "POST":
        told = NEW_LINK.take(request) if NEW_LINK.is_kept(request) else None
        told = told if told and told["certificate"] == certificate.pk else None
        return _page(request, certificate, _empty_form(), told=told)
    if wait := seconds_to_wait(NEW_LINKS, f"person {certificate.person_id}"):
        return too_many_requests(request, wait)
    form = ShareForm(posted(request))
    if not form.is_valid():
        return _page(request, certificate, form, status=400)
    try:
        link, address = make_link(certificate_id=certificate.pk, **form.cleaned_data, by=user_of(request), now=now())
    except Refused as refused:
        return _page(request, certificate, form, said_at_fields(form, refused.findings), status=409)
    NEW_LINK.put(
        request,
        {
            "certificate": certificate.pk,
            "address": address,
            "purpose": link.purpose,
            "until": chinese_date(link.ends_on),
        },
    )
    return redirect("certificates:share", pk=certificate.pk)


@person_required
@require_POST
def share_revoke(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    certificate = own_certificate(actor_for(request), pk)
    try:
        revoked = revoke_link(certificate_id=certificate.pk, link_id=link, by=user_of(request), now=now())
    except Refused as refused:
        messages.error(request, refused.in_words)
    else:
        if revoked is None:
            raise Http404("没有这个链接")
        messages.success(request, f"已撤销“{revoked.purpose}”的链接，拿到链接的人随即不能再打开。")
    return redirect("certificates:share", pk=certificate.pk)


def _empty_form() -> ShareForm:
    today = localdate()
    return ShareForm(initial={"ends_on": min(today + USUAL, last_day(today))})


def _page(
    request: HttpRequest,
    certificate: Certificate,
    form: ShareForm,
    refusals: tuple[Finding, ...] = (),
    *,
    told: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = localdate()
    context = {
        "certificate": certificate,
        "form": form,
        "refusals": refusals,
        "told": told,
        "rows": links_of(certificate.pk, today),
        "latest": last_day(today),
    }
    return render(request, "certificates/share.html", context, status=status)
