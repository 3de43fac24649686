"""Refuses control characters before a view runs: the database takes no NUL, and no browser sends such characters.

A form may hold tabs, line feeds and carriage returns; an address may hold no character below the blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render

from .errors import API, api_refusal

GetResponse = Callable[[HttpRequest], HttpResponse]

IN_ADDRESS = re.compile(r"[\x00-\x1f]")
IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
SENTENCE_OF_ADDRESS = "网址里有看不见的控制字符，无法打开。请从页面上的链接进入，或重新输入网址。"
SENTENCE_OF_FIELD = (
    "提交的内容里有看不见的控制字符（常见于从其他软件复制的文字），没有保存。请返回上一页，删除后手工重新输入。"
)


class ControlCharactersMiddleware:
    """It comes before whatever reads files or the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # We never set a cookie with such characters, so it counts as none.
        for name in [name for name, value in request.COOKIES.items() if IN_ADDRESS.search(name + value)]:
            del request.COOKIES[name]
        if address_has_control_characters(request):
            # Sessions come later, so nobody is logged in on this page.
            request.user = AnonymousUser()
            return _refusal(request, SENTENCE_OF_ADDRESS)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        return _refusal(request, SENTENCE_OF_FIELD) if _any(request.POST, IN_TEXT) else None


def address_has_control_characters(request: HttpRequest) -> bool:
    return bool(IN_ADDRESS.search(request.path_info)) or _any(request.GET, IN_ADDRESS)


def _any(fields: QueryDict, forbidden: re.Pattern[str]) -> bool:
    return any(forbidden.search(text) for name, values in fields.lists() for text in _texts(name, values))


def _texts(name: str, values: Iterable[object]) -> Iterable[str]:
    yield name
    for value in values:
        yield str(value)


def _refusal(request: HttpRequest, sentence: str) -> HttpResponse:
    if request.path_info.startswith(API):
        return api_refusal(400, "request.control_characters", sentence)
    return render(request, "400.html", {"sentence": sentence}, status=400)
