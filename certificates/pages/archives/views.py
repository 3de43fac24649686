"""Shows how far the packing is, orders it, and sends the file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.access.decorators import operator_required
from accounts.access.rights import Right, post_needs
from common.findings import Refused
from common.web.downloads import stream_to_save
from common.web.methods import require_POST
from workflow.request_actor import actor_for

from .packing import KEPT, archive_of, is_at_work, order_archive, parts_of, take_archive


@operator_required
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    order = archive_of(actor_for(request).enterprise_id or 0)
    working = order is not None and is_at_work(order)
    progress = order and {
        "id": "archive",
        "label": "打包电子证书",
        "done": order.done,
        "total": order.total,
        "running": working,
        "failed": order.made_at is None and not working,
        "note": "没有完成，请重新打包。" if order.made_at is None and not working else "",
    }
    context = {
        "order": order,
        "progress": progress if order and order.made_at is None else None,
        "is_working": working,
        "kept_until": order and localdate(order.ordered_at + KEPT),
        "days": KEPT.days,
    }
    return render(request, "certificates/archive.html", context)


@operator_required
@post_needs(Right.READ)
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    try:
        order_archive(by=actor_for(request))
    except Refused as refused:
        messages.warning(request, refused.in_words)
    else:
        messages.success(request, "已开始打包，完成后有消息提醒。")
    return redirect("certificates:archive")


@operator_required
@post_needs(Right.READ)
@require_POST
def take(request: HttpRequest) -> HttpResponseBase:
    """A POST, because who takes the certificates is noted."""
    try:
        ready = take_archive(by=actor_for(request))
    except Refused as refused:
        messages.warning(request, refused.in_words)
        return redirect(reverse("certificates:archive"))
    name = f"电子证书-{localdate(ready.made_at):%Y%m%d}.zip"
    return stream_to_save(parts_of(ready), name=name, content_type="application/zip", size=ready.size)
