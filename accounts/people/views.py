"""Shows where people can register, and whom they may ask."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import public

from .offices import AUTHORITIES, OF_AUTHORITIES, cities, offices_by_city
from .place_filter import OfficeFilter
from .selectors import registration_points as points_by_city


@public
@require_safe
def registration_points(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/registration_points.html", {"cities": points_by_city()})


@public
@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    names = cities()
    filters = OfficeFilter(request.GET, cities=names)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    kind = wanted.get("kind", "")
    found = offices_by_city(
        names, city=wanted.get("city", ""), kinds=OF_AUTHORITIES if kind == AUTHORITIES else (kind,) if kind else ()
    )
    context = {"filters": filters, "cities": found, "hotline": settings.SERVICE_HOTLINE}
    return render(request, "accounts/offices.html", context, status=400 if filters.errors else 200)
