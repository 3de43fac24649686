"""Names a page to others: by its path, and by its pattern where the path itself opens something."""

from __future__ import annotations

from django.urls import Resolver404, ResolverMatch, resolve

LONGEST = 200
SECRETS = frozenset({"token"})
"""Arguments of addresses that let in whoever knows them."""


def speakable_path(path: str, match: ResolverMatch | None = None) -> str:
    """Answers "" for what is no page here. The pattern of a page is its own pattern, so that a form may send it back.

    `match` is what the path is known to lead to: looking for it again would cost each page what finding it did.
    """
    if len(path) > LONGEST:
        return ""
    try:
        match = match or resolve(path)
    except Resolver404:
        return ""
    return f"/{match.route}" if SECRETS & match.kwargs.keys() else path


def is_pattern(path: str) -> bool:
    """Tells whether a path names all pages of its kind, so that no link leads there."""
    return "<" in path
