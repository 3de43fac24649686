from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import public
from administration.selectors import latest_notices

from .navigation import guide_links

HOME_NOTICES = 6


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html", {"notices": latest_notices(HOME_NOTICES), "guides": guide_links()})


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html")
