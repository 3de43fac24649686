"""Pages for refusals that no view answers itself. Django renders 400.html, 403.html, 404.html and 500.html.

Programs, at addresses below /api/, get the same in JSON.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from .findings import Finding

API = "/api/"


def api_refusal(status: int, code: str, message: str, findings: Iterable[Finding] = (), **more: object) -> JsonResponse:
    """`code` for the program, `message` for whoever stands in front of it; `findings` are all reasons at once."""
    listed = [finding.as_json() | {"cure": finding.cure.label if finding.cure else ""} for finding in findings]
    answer = JsonResponse({"code": code, "message": message, "findings": listed, **more}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """`limit` in bytes."""
    if request.path_info.startswith(API):
        sentence = f"请求太大：最多 {limit // 1024 // 1024} MB。请降低人像的分辨率。"
        return api_refusal(413, "request.too_large", sentence)
    return render(request, "413.html", {"limit": limit}, status=413)


def too_many_requests(request: HttpRequest, retry_after: int) -> HttpResponse:
    """`retry_after` in seconds."""
    response: HttpResponse
    if request.path_info.startswith(API):
        sentence = f"请求太频繁，请 {retry_after} 秒后再试。"
        response = api_refusal(429, "request.too_many", sentence, retry_after=retry_after)
        response["Retry-After"] = str(retry_after)
        return response
    response = render(request, "429.html", {"retry_minutes": math.ceil(retry_after / 60)}, status=429)
    response["Retry-After"] = str(retry_after)
    return response
