"""Serves service workers, which a browser lets work only below the address from which they come."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse


def worker_response(script: str) -> HttpResponse:
    """`script` names a static file. The browser asks for it anew whenever a page of its scope is opened."""
    found = finders.find(script)
    if found is None:
        raise Http404(script)
    response = HttpResponse(Path(str(found)).read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
