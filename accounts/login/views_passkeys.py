"""Shows the pages on which persons add and remove passkeys; they are used on the page of the second verification."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import sessions
from accounts.access.decorators import person_required
from accounts.access.requests import posted, user_of
from accounts.credentials import passkeys
from accounts.credentials.forms import PasskeyForm, PasskeyPasswordForm
from accounts.models import User
from common.findings import Finding, Refused
from common.web.methods import require_POST

from . import repeated_password


@person_required
@never_cache
@sensitive_post_parameters("password", "answer")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A password alone must not make a second factor, so the second verification comes first."""
    if not sessions.is_verified(request):
        back = reverse("accounts:passkey_add")
        return HttpResponseRedirect(f"{reverse('accounts:mobile_verify')}?next={back}")
    user = user_of(request)
    form = _form(request)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            key = _add(request, user, form)
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, f"已添加通行密钥“{key}”，以后办理需要再次验证的事项时可以使用。")
            return redirect("accounts:person_security")
    context = {"form": form, "refusals": refusals, "most": passkeys.MOST}
    return render(request, "accounts/passkey_add.html", context, status=400 if form.is_bound else 200)


def _form(request: HttpRequest) -> PasskeyForm:
    """After a face that proves little the password is asked again, as for an authenticator."""
    return (PasskeyPasswordForm if repeated_password.is_asked(request) else PasskeyForm)(posted(request))


def _add(request: HttpRequest, user: User, form: PasskeyForm) -> str:
    values = form.cleaned_data
    if "password" in values:
        repeated_password.check(request, user, values["password"])
    key = passkeys.finish_adding(
        request,
        user,
        answer=values["answer"],
        name=values["name"],
        proven_by=sessions.verified_by(request),
        now=timezone.now(),
    )
    return key.name


@person_required
@never_cache
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """The page's script asks just before the device does, so that two tabs do not use each other's challenge up."""
    if not sessions.is_verified(request):
        return JsonResponse({"error": "身份验证已过10分钟，请刷新页面后重新验证。"}, status=403)
    return JsonResponse(passkeys.begin_adding(request, user_of(request)))


@person_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    name = passkeys.remove(user_of(request), pk)
    if name:
        messages.success(request, f"通行密钥“{name}”已删除。设备里保存的那一把也可以删掉，它不能再用了。")
    else:
        messages.info(request, "这把通行密钥已经删除。")
    return redirect("accounts:person_security")
