"""Finds words of code in what people read: every page that a test opens is looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from typing import Any

from django.apps import apps
from django.db.models import TextChoices
from django.test import Client

from portal.admin_site import PACKAGES

_UNSEEN = re.compile(r"<(script|style|textarea|template|head)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"[ \t\r\n]+")
_LABEL = r"(?<![\w.-])[A-Z][a-z]+(?: [a-z]+)*："
_PYTHON = r"(?<![\w.-])None(?![\w-])|\{\{|\{%|<[\w.]+ object|object at 0x|datetime\.\w+\(|Decimal\(|OrderedDict|\[&#x27;|\['|\{'"
_SENTENCES = (
    r"This field|Ensure (?:this|that)|Enter a |Select a valid|is not (?:a valid|one of)|Please correct|already exists|"
    r"too many files|must be unique|No file was|has no file|Not Found|Bad Request|Server Error"
)


def words_of_code() -> set[str]:
    """Answers names of fields, and values that choices store, which have an underscore or stand in `BARE`."""
    found = set(BARE) | {str(value) for one in TextChoices.__subclasses__() for value in one.values}
    for package in PACKAGES:
        for model in apps.get_app_config(package).get_models():
            for field in model._meta.get_fields():
                found.add(field.name)
    return {word for word in found if word in BARE or "_" in word.strip("_")}


BARE = frozenset(
    {"category", "entry", "employer", "municipal", "provincial", "counter", "filer", "approve", "reject", "enterprise"}
)
"""These single words of code have been seen on pages."""


@cache
def pattern() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, words_of_code()), key=len, reverse=True))
    keys = rf"(?<![\w@./:=-])(?:{words})(?![\w@/=-]|\.\w)"
    return re.compile("|".join([_PYTHON, _LABEL, _SENTENCES, keys]))


def visible_text(page: str) -> str:
    return _BLANKS.sub(" ", unescape(_TAGS.sub("\n", _UNSEEN.sub("\n", page))))


def raw_keys(page: str, words: re.Pattern[str]) -> list[str]:
    """Answers what reads like code, each with what stands around it."""
    text = visible_text(page)
    return [text[max(found.start() - 30, 0) : found.end() + 20] for found in words.finditer(text)]


@contextmanager
def watched(on_page: Callable[[str, str], None]) -> Iterator[None]:
    """Hands the address and text of every page that the test client answers to `on_page`."""
    request = Client.request

    def look(client: Client, **given: Any) -> Any:
        response = request(client, **given)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            on_page(str(given.get("PATH_INFO", "")), response.content.decode())
        return response

    Client.request = look  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Client.request = request  # type: ignore[method-assign]
