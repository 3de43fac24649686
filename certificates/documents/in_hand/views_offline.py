"""Serves what a phone keeps where its holder asks for it: the certificate as a page of its own, the list, and the worker."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access.decorators import person_required, public
from accounts.access.home_addresses import PHONE_PAGES
from common.web.workers import worker_response
from workflow.request_actor import actor_for

from .selectors import pass_of

SCRIPT = "js/phone_worker.js"
ICONS = (192, 512)


@person_required
@require_safe
def kept(request: HttpRequest, pk: int) -> HttpResponse:
    """This page has neither menu nor login in it, because it stays on the device."""
    return render(request, "certificates/phone/kept.html", {"shown": pass_of(actor_for(request), pk)})


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page knows of no certificate; its script lists those on the device."""
    return render(request, "certificates/phone/offline.html")


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    return worker_response(SCRIPT)


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Lets a phone put the platform among its programs (W3C Web Application Manifest)."""
    icons = [
        {
            "src": static(f"img/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in ICONS
    ]
    data = {
        "id": PHONE_PAGES,
        "name": "住建云安管人员证书服务",
        "short_name": "安管证书",
        "lang": "zh-Hans",
        "start_url": reverse("certificates:phone_home"),
        "scope": PHONE_PAGES,
        "display": "standalone",
        "background_color": "#f3f6fa",
        "theme_color": "#0b4a8f",
        "icons": icons,
    }
    return JsonResponse(data, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
