"""Lets a view read from the replica, and makes a session that has written read its own writes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponseBase

from common.database.replica import ALIAS, freshness, is_configured, is_fresh, reading_from_replica

logger = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
READS = ("GET", "HEAD", "OPTIONS")


def may_read_replica(view: View) -> View:
    """Stands below all other decorators of a view that only reads.

    Never for what says whether a certificate is valid: a revocation counts at once.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in READS or has_written(request) or not is_fresh():
            return view(request, *args, **kwargs)
        # Who this is and what he may do is asked of the primary.
        getattr(request.user, "pk", None)
        try:
            with reading_from_replica():
                return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            logger.warning("the replica failed; the page is read from the primary", exc_info=True)
            connections[ALIAS].close()
            freshness.lost()
            return view(request, *args, **kwargs)

    return answer  # type: ignore[return-value]


def alias_for(request: HttpRequest) -> str:
    """Names the database for a long answer that is read after its view has returned, as an export is."""
    return DEFAULT_DB_ALIAS if has_written(request) or not is_fresh() else ALIAS


def has_written(request: HttpRequest) -> bool:
    return cookie_name() in request.COOKIES


def cookie_name() -> str:
    return "__Host-wrote" if settings.SESSION_COOKIE_SECURE else "wrote"


class OwnWritesMiddleware:
    """After a request that may have written, the session reads from the primary for as long as the replica may lag."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in READS and is_configured():
            response.set_cookie(
                cookie_name(),
                "1",
                max_age=int(settings.REPLICA_LAG_SECONDS) + 1,
                httponly=True,
                secure=bool(settings.SESSION_COOKIE_SECURE),
                samesite="Lax",
            )
        return response
