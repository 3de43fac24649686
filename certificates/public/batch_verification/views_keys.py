"""核验接口密钥: the security administrator gives out keys and takes them back."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import admin_required
from accounts.access.requests import posted, user_of
from accounts.enums import Sphere
from common.dates import chinese_date
from common.findings import Finding, Refused
from common.forms import said_at_fields
from common.web.sealed_session import SealedValue

from .forms import KeyForm, RevokeForm
from .selectors import find_key, key_rows
from .services import issue_key, revoke_key

NEW_KEY = SealedValue("new_verification_key", lifetime=timedelta(minutes=10))
"""The key is told on the page that follows, once."""


@admin_required(Sphere.SECURITY_ADMIN)
@never_cache
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    context = {"rows": key_rows(localdate()), "told": NEW_KEY.take(request)}
    return render(request, "certificates/verification_keys.html", context)


@admin_required(Sphere.SECURITY_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def key_new(request: HttpRequest) -> HttpResponse:
    form = KeyForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            row, key = issue_key(**form.cleaned_data, by=user_of(request), now=now())
        except Refused as refused:
            refusals, status = said_at_fields(form, refused.findings), 409
        else:
            NEW_KEY.put(request, {"holder": row.holder, "key": key})
            return redirect("certificates:verification_keys")
    context = {"form": form, "refusals": refusals}
    return render(request, "certificates/verification_key_new.html", context, status=status)


@admin_required(Sphere.SECURITY_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = find_key(pk)
    if key is None:
        raise Http404("没有这个密钥")
    form = RevokeForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            revoke_key(key.pk, reason=form.cleaned_data["reason"], by=user_of(request), now=now())
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, f"{finding.message}。{finding.detail}")
        else:
            messages.success(request, f"已停用{key.holder}的密钥，随即生效。")
        return redirect("certificates:verification_keys")
    facts = [
        ("使用单位", key.holder),
        ("用途", key.purpose),
        ("密钥开头", key.mark),
        ("有效期至", chinese_date(key.expires_on)),
    ]
    status = 400 if form.is_bound else 200
    return render(request, "certificates/verification_key_revoke.html", {"form": form, "facts": facts}, status=status)
