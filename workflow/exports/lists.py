"""Keeps the registry of lists that an office may take as a table, masked at once or unmasked on an approved request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict

from accounts.models import User
from administration.table_downloads import Line
from common.registry import Registry


@dataclass(frozen=True)
class Listed:
    """`lines` is given whether names and numbers are masked; the reader's rights were looked at before. `title` names the
    list with what it is of, such as the desk.
    """

    title: str
    titles: Callable[[bool], Line]
    lines: Callable[[bool], Iterable[Line]]


Opener = Callable[[User, QueryDict], Listed]
"""Raises Http404 or PermissionDenied where this login may not read the list. The parameters are those of its page."""
EXPORT_LISTS: Registry[Opener] = Registry("list to export")


def opened(key: str, user: User, query: str | QueryDict) -> Listed:
    opener = EXPORT_LISTS.get(key)
    if opener is None:
        raise Http404("没有这个清单")
    return opener(user, query if isinstance(query, QueryDict) else QueryDict(query))


def still_open(key: str, user: User, query: str) -> bool:
    """Tells whether the login may still read the list that it once asked for."""
    try:
        opened(key, user, query)
    except (Http404, PermissionDenied):
        return False
    return True
