"""Pages for refusals that no view answers itself. Django renders 400.html, 403.html, 404.html and 500.html."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """`limit` in bytes."""
    return render(request, "413.html", {"limit": limit}, status=413)


def too_many_requests(request: HttpRequest, retry_after: int) -> HttpResponse:
    """`retry_after` in seconds."""
    response = render(request, "429.html", {"retry_minutes": math.ceil(retry_after / 60)}, status=429)
    response["Retry-After"] = str(retry_after)
    return response
