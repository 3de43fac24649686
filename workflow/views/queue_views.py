"""The views of a queue: filters that are used most as addresses, and those that the reader keeps under a name."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from common.findings import Refused

from ..actors import Actor
from ..forms import SOON_DAYS
from ..selectors.queue_views import views_kept
from ..services.queue_views import drop_view, keep_view
from .desk_filters import DeskFilters

VIEWS: tuple[tuple[str, dict[str, str]], ...] = (
    ("全部", {}),
    ("已超期", {"due": "late"}),
    ("今天到期", {"due": "today"}),
    (f"{SOON_DAYS} 天内到期", {"due": "soon"}),
    ("我承办的", {"whose": "mine"}),
    ("我占用的", {"used": "mine"}),
    ("没人占用的", {"used": "free"}),
    ("退回过", {"marked": "returned"}),
)


def filter_query(request: HttpRequest) -> str:
    """The review keeps the filters of the queue to move through the same list."""
    kept = request.GET.copy()
    for name in set(kept) - set(DeskFilters.base_fields):
        del kept[name]
    return kept.urlencode()


def views_of(request: HttpRequest, actor: Actor, desk: str) -> list[dict[str, Any]]:
    """One of them is current if the address says just that."""
    said = {name: value for name in DeskFilters.base_fields if (value := request.GET.get(name))}
    shown = [(label, view, False) for label, view in VIEWS]
    shown += [(one.name, dict(parse_qsl(one.query)), True) for one in views_kept(actor, desk)]
    return [
        {"label": label, "query": f"?{urlencode(view)}" if view else "", "is_current": view == said, "is_own": is_own}
        for label, view, is_own in shown
    ]


def change_views(request: HttpRequest, actor: Actor, desk: str) -> HttpResponse:
    """Keeps what the address says under the typed name, or forgets a name."""
    said = [(name, value) for name in DeskFilters.base_fields if (value := request.GET.get(name))]
    query = urlencode(said)
    try:
        if "keep_view" in request.POST:
            kept = keep_view(actor=actor, desk=desk, name=request.POST["keep_view"], query=query)
            messages.success(request, f"已存为常用筛选“{kept.name}”。把地址发给同事，同事打开也是这样筛选的待办。")
        elif drop_view(actor=actor, desk=desk, name=request.POST.get("drop_view", "")):
            messages.success(request, "已删除这个常用筛选。")
    except Refused as refused:
        messages.error(request, "；".join(f"{one.message}。{one.detail}" for one in refused.findings))
    return redirect(f"{reverse('workflow:queue', args=[desk])}{f'?{query}' if query else ''}")
