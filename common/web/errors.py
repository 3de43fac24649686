"""Answers refusals that no view answers itself. Django renders 400.html, 403.html, 404.html and 500.html.

Programs, at addresses below /api/, get the same in JSON.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader

from common.findings import Finding
from common.limited.slots import Busy

API = "/api/"
RETRY_SECONDS = 30
"""After a database that is away or locked; a restart takes some seconds."""


def api_refusal(status: int, code: str, message: str, findings: Iterable[Finding] = (), **more: object) -> JsonResponse:
    """`code` is for the program, `message` for the person who operates it; `findings` are all reasons at once."""
    listed = [finding.as_json() | {"cure": finding.cure.label if finding.cure else ""} for finding in findings]
    answer = JsonResponse({"code": code, "message": message, "findings": listed, **more}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """`limit` is in bytes."""
    if request.path_info.startswith(API):
        sentence = f"请求太大：最多 {limit // 1024 // 1024} MB。请降低人像的分辨率。"
        return api_refusal(413, "request.too_large", sentence)
    return render(request, "413.html", {"limit": limit}, status=413)


def length_required(request: HttpRequest) -> HttpResponse:
    """Every browser says how long a form is."""
    sentence = "请求没有说明内容的长度（Content-Length），无法接收。请用浏览器打开页面后提交。"
    response: HttpResponse
    if request.path_info.startswith(API):
        response = api_refusal(411, "request.length_required", sentence)
    else:
        response = render(request, "400.html", {"sentence": sentence}, status=411)
    response["Connection"] = "close"
    return response


def too_many_requests(request: HttpRequest, retry_after: int) -> HttpResponse:
    """`retry_after` is in seconds."""
    response: HttpResponse
    if request.path_info.startswith(API):
        sentence = f"请求太频繁，请 {retry_after} 秒后再试。"
        response = api_refusal(429, "request.too_many", sentence, retry_after=retry_after)
        response["Retry-After"] = str(retry_after)
        return response
    response = render(request, "429.html", {"retry_minutes": math.ceil(retry_after / 60)}, status=429)
    response["Retry-After"] = str(retry_after)
    return response


def busy(request: HttpRequest, reason: Busy) -> HttpResponse:
    """No slot for costly work is free. The status is 429 if the sender's own work still goes on, else 503."""
    status = 429 if reason.own else 503
    response: HttpResponse
    if request.path_info.startswith(API):
        sentence = (
            "您的网络上一次提交的图片还在处理，请几秒后再试。" if reason.own else "现在处理图片的人太多，请几秒后再试。"
        )
        response = api_refusal(status, "request.busy", sentence, retry_after=reason.retry_after)
    else:
        response = render(request, "503.html", {"own": reason.own, "address": request.get_full_path()}, status=status)
    response["Retry-After"] = str(reason.retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answers whatever no view caught. A database that is away or locked is an interruption, and the answer says so.

    Both pages stand alone, because the frame of the others asks the database.
    """
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status = 503 if away else 500
    response: HttpResponse
    if request.path_info.startswith(API):
        sentence = "系统暂时不能办理，请稍后再试。" if away else "系统出错了，错误已经记录。"
        response = api_refusal(status, "request.unavailable" if away else "request.failed", sentence)
    else:
        page = loader.get_template("503_database.html" if away else "500.html")
        response = HttpResponse(page.render(), status=status)
    if away:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
