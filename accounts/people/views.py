"""Shows where people can register."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import public

from .selectors import registration_points as points_by_city


@public
@require_safe
def registration_points(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/registration_points.html", {"cities": points_by_city()})
