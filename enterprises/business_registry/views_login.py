"""Asks the business registry for somebody whose CA key is right, but whose enterprise the register does not admit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.access.decorators import public
from common.findings import Refused
from common.web.methods import require_POST
from enterprises.ca_login import proven_code
from enterprises.ca_login.forms import SignatureForm
from enterprises.ca_login.views import login_page

from .findings import at_login_first
from .taking_over import ask_at_login

STATUS = {"registry.no_key": 403, "registry.too_often": 429}


@public
@never_cache
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Only the session that has shown the key may ask, and only about the code on it."""
    try:
        code = proven_code.proven(request)
        if not code:
            raise Refused(at_login_first())
        enterprise = ask_at_login(code, now=timezone.now())
    except Refused as refused:
        status = STATUS.get(refused.findings[0].code, 409)
        return login_page(request, SignatureForm(), list(refused.findings), status)
    proven_code.forget(request)
    messages.success(request, f"{enterprise.name}在工商登记中存续，本系统已登记。请再用 CA 锁登录一次。")
    return redirect("enterprises:login")
