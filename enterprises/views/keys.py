from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import operator_required
from accounts.views.requests import posted
from jxcloud.base.findings import Finding, Refused

from .. import keys
from ..auth import enterprise_of, key_of
from ..forms import BlockForm
from ..models import CaKey


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
