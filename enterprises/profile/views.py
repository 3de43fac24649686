"""Shows the home page of an enterprise, and its profile with the contact data."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import operator_required
from accounts.access.requests import posted
from enterprises.ca_login.backend import key_of
from enterprises.ca_login.selectors import key_ends
from enterprises.code_change.selectors import former_codes_of
from enterprises.profile.forms import ContactForm
from enterprises.profile.home_boxes import ENTERPRISE_HOME
from enterprises.register.selectors import names_of

from . import services as profile_services


@operator_required
@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    key = key_of(request)
    contents = ENTERPRISE_HOME.contents_for(request, key.enterprise, more=[key_ends(key, timezone.now())])
    context = {"enterprise": key.enterprise, "tasks": contents.tasks, "boxes": contents.boxes}
    return render(request, "enterprises/home.html", context)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    key = key_of(request)
    enterprise = key.enterprise
    form = ContactForm(
        posted(request), initial={name: getattr(enterprise, name) for name in ("address", "phone", "grades")}
    )
    if form.is_valid():
        profile_services.update_contact(enterprise_id=enterprise.pk, **form.cleaned_data, by=key)
        messages.success(request, "联系方式已保存。")
        return redirect("enterprises:profile")
    context = {
        "enterprise": enterprise,
        "names": names_of(enterprise),
        "former_codes": former_codes_of(enterprise),
        "form": form,
        "refusals": (),
    }
    return render(request, "enterprises/profile.html", context, status=400 if form.is_bound else 200)
