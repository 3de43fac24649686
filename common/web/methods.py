"""Marks the views that take a POST only, so that a login never leads to their addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST as django_require_post

from .errors import API, api_refusal

V = TypeVar("V", bound=Callable[..., Any])
GetResponse = Callable[[HttpRequest], HttpResponse]


def require_POST(view: V) -> V:
    guarded: Any = django_require_post(view)
    guarded.post_only = True
    return guarded  # type: ignore[no-any-return]


def opens(address: str) -> bool:
    """Answers whether a browser may open the address, which is no address for a form only."""
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return True  # a page says that there is nothing
    return not getattr(match.func, "post_only", False)


class MethodPageMiddleware:
    """Gives the empty answer 405 a page with a way on; programs get it in JSON."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.method in ("HEAD", "OPTIONS", "TRACE"):
            return response
        page: HttpResponse
        if request.path_info.startswith(API):
            page = api_refusal(405, "request.method", "这个地址不接受这种请求方法。")
        else:
            page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
