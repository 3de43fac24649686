from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import sessions
from accounts.access import operator_required, public
from accounts.enums import Sphere
from accounts.models import User
from accounts.views.login import destination
from accounts.views.requests import posted
from jxcloud.base.findings import Finding, Refused

from . import challenges, contact, home, keys
from . import login as logins
from .auth import BACKEND, enterprise_of, key_of
from .forms import BlockForm, ContactForm, SignatureForm
from .models import CaKey, EnterpriseName
from .selectors import keys_of

# --- login ---


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    user = request.user
    if isinstance(user, User) and user.sphere == Sphere.OPERATOR:
        return HttpResponseRedirect(destination(request, user))
    if request.method != "POST":
        return _login_page(request, SignatureForm(), [], 200)
    form = SignatureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _login_page(request, form, [], 400)
    try:
        key = logins.log_in_by_key(
            request, der=form.cleaned_data["der"], challenge=form.cleaned_data["challenge"], now=timezone.now()
        )
    except logins.TooManyAttempts as locked:
        return _login_page(request, SignatureForm(), list(locked.findings), 429)
    except Refused as refused:
        return _login_page(request, SignatureForm(), list(refused.findings), 403)
    sessions.log_in(request, key.user, method="ca_key", backend=BACKEND)
    return HttpResponseRedirect(destination(request, key.user))


def _login_page(request: HttpRequest, form: SignatureForm, refusals: list[Finding], status: int) -> HttpResponse:
    now = timezone.now()
    challenge = challenges.latest(request, now=now) if form.is_bound else None
    context = {
        "form": form,
        "refusals": refusals,
        "challenge": challenge or challenges.issue(request, now=now),
        "next": sessions.safe_next(request),
        "other_user": request.user if isinstance(request.user, User) else None,
    }
    return render(request, "enterprises/login.html", context, status=status)


@public
@never_cache
@require_POST
def new_challenge(request: HttpRequest) -> JsonResponse:
    """For the script: choosing the file and typing the PIN may take longer than a challenge lives."""
    return JsonResponse({"challenge": challenges.issue(request, now=timezone.now())})


@public
@never_cache
@require_safe
def challenge_file(request: HttpRequest) -> HttpResponse:
    """The challenge of the open login page, byte for byte, for key tools that sign a file."""
    challenge = challenges.latest(request, now=timezone.now())
    if challenge is None:
        raise Http404("登录口令已失效，请重新打开登录页面。")
    return HttpResponse(
        challenge,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="challenge.txt"'},
    )


# --- behind the door ---


@operator_required
@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    key = key_of(request)
    context = {
        "enterprise": key.enterprise,
        "tasks": home.tasks_for(key.enterprise, key, now=timezone.now()),
        "boxes": home.boxes_for(request, key.enterprise),
    }
    return render(request, "enterprises/home.html", context)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    key = key_of(request)
    enterprise = key.enterprise
    form = ContactForm(posted(request), initial={"address": enterprise.address, "phone": enterprise.phone})
    if form.is_valid():
        contact.update_contact(enterprise_id=enterprise.pk, **form.cleaned_data, by=key)
        messages.success(request, "联系方式已保存。")
        return redirect("enterprises:profile")
    context = {
        "enterprise": enterprise,
        "names": EnterpriseName.objects.filter(enterprise=enterprise).order_by("used_from", "pk"),
        "keys": keys_of(enterprise, key, now=timezone.now()),
        "form": form,
        "refusals": (),
    }
    return render(request, "enterprises/profile.html", context, status=400 if form.is_bound else 200)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def key_block(request: HttpRequest, pk: int) -> HttpResponse:
    blocked = get_object_or_404(CaKey, pk=pk, enterprise=enterprise_of(request))
    form = BlockForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            keys.block_key(key_id=pk, reason=form.cleaned_data["reason"], by=key_of(request), now=timezone.now())
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, f"{blocked.operator_name}的 CA 锁已停用，不能再登录。")
            return redirect("enterprises:profile")
    context = {"key": blocked, "form": form, "refusals": refusals}
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "enterprises/key_block.html", context, status=status)
