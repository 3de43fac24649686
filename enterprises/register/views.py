"""Shows the page by which a registry clerk registers an enterprise with an old licence."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.enums import Duty
from common.findings import Finding, Refused

from .forms import OldCodeForm
from .old_codes import register_by_old_code


@staff_required(Duty.REGISTRY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def old_code(request: HttpRequest) -> HttpResponse:
    form = OldCodeForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        try:
            enterprise = register_by_old_code(**given, by=user_of(request))
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, f"{enterprise.name}已登记，证照号码 {enterprise.uscc}。")
            return redirect("enterprises:old_code")
    context = {"form": form, "refusals": refusals}
    return render(request, "enterprises/old_code.html", context, status=400 if form.is_bound else 200)
