"""Tells an operator at the top of a page that its forms need a right that the operator lacks, before anything is typed.

The frame of every page wraps its content in `{% rights_note %}`; the rights are those that the access decorators ask
for at the POST (`accounts.access.rights`), read from the forms that the page really has, so that no page forgets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from accounts.access.decorators import Access
from accounts.access.rights import Right, why_no_right
from accounts.enums import Sphere
from accounts.models import User
from common.findings import Finding

register = template.Library()

FORM = re.compile(r"<form\b[^>]*>")
BUTTON = re.compile(r'<(?:button|input)\b[^>]*\sformaction="([^"]*)"')
POST = re.compile(r'\smethod="post"', re.IGNORECASE)
ACTION = re.compile(r'\saction="([^"]*)"')


class RightsNote(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        content = self.nodelist.render(context)
        request = context.get("request")
        findings = lacking(request, content) if isinstance(request, HttpRequest) else []
        if not findings:
            return content
        note = render_to_string("ui/rights_note.html", {"findings": findings})
        return mark_safe(f"{note}{conditional_escape(content)}")  # noqa: S308  both are rendered templates


@register.tag
def rights_note(parser: Parser, token: Token) -> RightsNote:
    nodelist = parser.parse(("endrights_note",))
    parser.delete_first_token()
    return RightsNote(nodelist)


def lacking(request: HttpRequest, content: str) -> list[Finding]:
    """Answers one finding for each right that a form of the page needs and this reader lacks."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.sphere != Sphere.OPERATOR:
        return []
    addresses = dict.fromkeys(address or request.path for address in posts_of(content))
    needed = dict.fromkeys(right for address in addresses if (right := right_at(address)))
    return list(filter(None, (why_no_right(user, right) for right in needed)))


def posts_of(content: str) -> Iterator[str]:
    """Answers the addresses to which the page's forms and buttons post; an empty one is the page's own."""
    for form in FORM.findall(content):
        if POST.search(form):
            action = ACTION.search(form)
            yield urlsplit(action[1]).path if action else ""
    for address in BUTTON.findall(content):
        yield urlsplit(address).path


def right_at(path: str) -> Right | None:
    """Answers the right that a POST there needs; None where it is no page for operators."""
    try:
        access = getattr(resolve(path).func, "access", None)
    except Resolver404:
        return None
    is_asked = isinstance(access, Access) and access.spheres is not None and Sphere.OPERATOR in access.spheres
    return access.post_right if is_asked and isinstance(access, Access) else None
