"""Declares the decorator of pages that only registration machines open: signed requests without a session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from accounts.access.decorators import Access, View

from .authentication import authenticate
from .refusals import ApiRefusal, refusal


def device_required(*methods: str) -> Callable[[View], View]:
    """The view gets the machine and the body that it signed; an ApiRefusal that it raises is answered."""
    access = Access(frozenset(), is_for_devices=True)

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                device, body = authenticate(request)
                if request.method not in methods:
                    raise refusal("request.method")
                return view(request, device, body, *args, **kwargs)
            except ApiRefusal as refused:
                return refused.answer()

        guarded.access = access  # type: ignore[attr-defined]
        # No page can forge a request, because browsers cannot sign.
        guarded.csrf_exempt = True  # type: ignore[attr-defined]
        return guarded

    return declare
