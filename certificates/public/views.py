"""Shows lookup and QR page without a login, and no more than the public needs."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import public
from accounts.lookups import services as lookups
from administration.throttle import Limit, seconds_to_wait
from common.web.errors import too_many_requests
from common.web.middleware import client_address

from .forms import IdLookupForm, LookupForm
from .lookup import Found, ProofState, by_id_number, by_number, version_state
from .selectors import letter_by_token, proof_by_token, version_by_token

LOOKUPS = Limit("lookup", 60)
ID_LOOKUPS = Limit("lookup_id", 20)
"""This limit is lower than the other one, because an ID number answers all certificates of a person."""
QR_PAGES = Limit("qr", 300)
BY_ID = "id_number"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters(BY_ID, "name")
def lookup(request: HttpRequest) -> HttpResponse:
    """A GET shows the form only; number and name may stand in the address, an ID number never does."""
    uses_id = BY_ID in request.POST or (request.method != "POST" and request.GET.get("by") == BY_ID)
    if request.method != "POST":
        initial = {key: request.GET[key] for key in ("number", "name") if key in request.GET}
        form: forms.Form = IdLookupForm(initial=initial) if uses_id else LookupForm(initial=initial)
        return _page(request, form, uses_id)
    wait = seconds_to_wait(ID_LOOKUPS if uses_id else LOOKUPS, client_address(request))
    if wait:
        return too_many_requests(request, wait)
    form = IdLookupForm(request.POST) if uses_id else LookupForm(request.POST)
    if not form.is_valid():
        return _page(request, form, uses_id, status=400)
    values = form.cleaned_data
    if not uses_id:
        return _page(request, form, uses_id, by_number(values["number"], values["name"]))
    lookups.ask(request)
    found = by_id_number(values["id_number"], values["name"])
    # This runs after a hit too, with no miss to count, so that the time of the answer tells nothing.
    lookups.missed(request, times=0 if found else 1)
    return _page(request, form, uses_id, found)


def _page(
    request: HttpRequest, form: forms.Form, uses_id: bool, found: list[Found] | None = None, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "uses_id": uses_id, "answered": found is not None, "found": found or []}
    return render(request, "certificates/public/lookup.html", context, status=status)


@public
@never_cache
@require_safe
def version(request: HttpRequest, token: str) -> HttpResponse:
    """The QR code of a printed certificate leads to this page."""
    wait = seconds_to_wait(QR_PAGES, client_address(request))
    if wait:
        return too_many_requests(request, wait)
    response = _scanned(request, token)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _scanned(request: HttpRequest, token: str) -> HttpResponse:
    found = version_by_token(token)
    if found is not None:
        context = {"live": version_state(found), "version": found.version}
        return render(request, "certificates/public/version.html", context)
    proof = proof_by_token(token)
    if proof is not None:
        return render(request, "certificates/public/proof.html", {"live": ProofState(proof), "proof": proof})
    letter = letter_by_token(token)
    if letter is not None:
        return render(request, "certificates/public/letter.html", {"letter": letter})
    return render(request, "certificates/public/version_unknown.html", status=404)
