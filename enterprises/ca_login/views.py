"""Shows the login pages of enterprises: the CA key signs a challenge, or the browser shows its certificate in TLS."""

from __future__ import annotations

import math
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import sessions
from accounts.access.decorators import public
from accounts.access.destinations import destination
from accounts.access.requests import posted
from accounts.enums import Sphere
from accounts.models import User
from administration.throttle import Limit, seconds_to_wait
from common.findings import Cure, Finding, Refused
from common.web.errors import too_many_requests
from common.web.methods import require_POST
from common.web.middleware import client_address
from enterprises.ca_login.forms import OperatorForm, SignatureForm

from . import challenge_services, first_login, key_services, proven_code, tls_login
from . import services as logins
from .backend import BACKEND
from .selectors import has_manager, why_put_out

CHALLENGES = Limit("ca_key_challenge", 120)
"""The limit counts by address, which a business centre shares; each attempt writes a session."""
OTHER_ACCOUNT = Finding(
    "login.other_account",
    "这个浏览器已有企业操作员登录",
    "要换一家企业或换一名操作员，请先退出当前账号，再用另一把锁登录。",
    turn="企业",
    cure=Cure("回到企业首页", "enterprises:home"),
)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    user = request.user
    if isinstance(user, User) and user.sphere == Sphere.OPERATOR:
        return HttpResponseRedirect(destination(request, user))
    if request.method != "POST":
        return login_page(request, SignatureForm(), why_put_out(request), 200)
    form = SignatureForm(request.POST, request.FILES)
    if not form.is_valid():
        return login_page(request, form, [], 400)
    try:
        now = timezone.now()
        cleaned = form.cleaned_data
        admitted = logins.admit_signature(request, der=cleaned["der"], challenge=cleaned["challenge"], now=now)
        return _enter(request, admitted, method="ca_key")
    except logins.TooManyAttempts as locked:
        return login_page(request, SignatureForm(), list(locked.findings), 429)
    except Refused as refused:
        may_ask = proven_code.remember(request, refused)
        return login_page(request, SignatureForm(), list(refused.findings), 403, may_ask=may_ask)


def _enter(request: HttpRequest, admitted: logins.Admitted, *, method: str) -> HttpResponse:
    now = timezone.now()
    if key_services.must_ask_who(admitted.enterprise, admitted.presented, now=now):
        first_login.remember(request, admitted, method=method)
        address, following = reverse("enterprises:operator"), sessions.safe_next(request)
        return HttpResponseRedirect(f"{address}?{urlencode({'next': following})}" if following else address)
    key = logins.bind(request, admitted, now=now)
    sessions.log_in(request, key.user, method=method, backend=BACKEND)
    return HttpResponseRedirect(destination(request, key.user))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def operator(request: HttpRequest) -> HttpResponse:
    """Asks at the first login of a key who works with it, or which key it renews."""
    now = timezone.now()
    found = first_login.waiting(request)
    if found is None:
        return HttpResponseRedirect(reverse("enterprises:login"))
    admitted, method = found
    form = OperatorForm(
        posted(request),
        renewable=key_services.renewable(admitted.enterprise, admitted.presented, now=now),
        certificate_name=admitted.presented.certificate_name,
        has_manager=has_manager(admitted.enterprise, now=now),
    )
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            key = logins.bind(request, admitted, now=now, **form.cleaned_data)
        except Refused as refused:
            refusals = refused.findings
        else:
            first_login.forget(request)
            sessions.log_in(request, key.user, method=method, backend=BACKEND)
            return HttpResponseRedirect(destination(request, key.user))
    context = {
        "form": form,
        "refusals": refusals,
        "enterprise": admitted.enterprise,
        "presented": admitted.presented,
        "next": sessions.safe_next(request),
    }
    status = 403 if refusals else 400 if form.is_bound else 200
    return render(request, "enterprises/operator.html", context, status=status)


def login_page(
    request: HttpRequest, form: SignatureForm, refusals: list[Finding], status: int, *, may_ask: bool = False
) -> HttpResponse:
    now = timezone.now()
    challenge = challenge_services.latest(request, now=now) if form.is_bound else None
    context = {
        "form": form,
        "refusals": refusals,
        "challenge": challenge or challenge_services.issue(request, now=now),
        "next": sessions.safe_next(request),
        "may_ask_registry": may_ask,
        "has_entrance": tls_login.is_open(),
        "other_user": request.user if isinstance(request.user, User) else None,
    }
    return render(request, "enterprises/login.html", context, status=status)


@public
@never_cache
@require_POST
def new_challenge(request: HttpRequest) -> JsonResponse:
    """Gives the script a new challenge, because choosing a file and typing the PIN may take longer than one is valid."""
    if wait := seconds_to_wait(CHALLENGES, client_address(request)):
        answer = JsonResponse({"error": f"操作太频繁，请{math.ceil(wait / 60)}分钟后再试。"}, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    return JsonResponse({"challenge": challenge_services.issue(request, now=timezone.now())})


@public
@never_cache
@require_safe
def challenge_file(request: HttpRequest) -> HttpResponse:
    """Sends the challenge of the open login page, byte for byte, for key tools that sign a file."""
    challenge = challenge_services.latest(request, now=timezone.now())
    if challenge is None:
        raise Http404("登录口令已失效，请重新打开登录页面。")
    return HttpResponse(
        challenge,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="challenge.txt"'},
    )


# --- login by a certificate in TLS ---


@public
@never_cache
@require_safe
def entrance_start(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the proxy's server that asks for certificates, with a challenge that only this session can
    use.
    """
    if not tls_login.is_open():
        raise Http404("没有开通浏览器证书登录，请用签名方式登录。")
    if wait := seconds_to_wait(CHALLENGES, client_address(request)):
        return too_many_requests(request, wait)
    challenge = challenge_services.issue(request, now=timezone.now())
    return HttpResponseRedirect(tls_login.address(challenge, sessions.safe_next(request)))


@public
@never_cache
@require_safe
def entrance_page(request: HttpRequest) -> HttpResponse:
    """Works behind the proxy's server for CA keys only; no other server passes on a certificate."""
    try:
        shown = tls_login.shown_by(request)
    except Refused as refused:
        logins.record_refusal(request, refused)
        return render(request, "enterprises/entrance.html", {"refusals": refused.findings}, status=403)
    challenge, following = request.GET.get("challenge", ""), request.GET.get("next", "")
    return HttpResponseRedirect(tls_login.answer_address(shown, challenge, following))


@public
@never_cache
@require_safe
def entrance_done(request: HttpRequest) -> HttpResponse:
    user = request.user
    if isinstance(user, User) and user.sphere == Sphere.OPERATOR:
        return render(request, "enterprises/entrance.html", {"refusals": [OTHER_ACCOUNT]}, status=403)
    try:
        admitted = logins.admit_certificate(request, answer=request.GET.get("answer", ""), now=timezone.now())
        return _enter(request, admitted, method="ca_key_tls")
    except logins.TooManyAttempts as locked:
        return login_page(request, SignatureForm(), list(locked.findings), 429)
    except Refused as refused:
        may_ask = proven_code.remember(request, refused)
        return login_page(request, SignatureForm(), list(refused.findings), 403, may_ask=may_ask)
