"""Shows the manual: its contents by reader, one chapter, and all chapters of a reader on one page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import public
from workflow.business import businesses

from .chapters import Reader, chapters_for, find, neighbours
from .search import SearchForm, search


@public
@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "readers": [(reader, found) for reader in Reader if (found := chapters_for(reader))],
        "search": form,
        "wanted": wanted,
        "hits": search(wanted) if wanted else [],
    }
    return render(request, "portal/manual.html", context, status=400 if form.errors else 200)


@public
@require_safe
def chapter(request: HttpRequest, code: str) -> HttpResponse:
    found = find(code)
    if found is None:
        raise Http404(f"the manual has no chapter {code}")
    before, after = neighbours(found)
    guides = [one for one in businesses() if one.kind in found.businesses]
    context = {"chapter": found, "guides": guides, "before": before, "after": after}
    return render(request, "portal/manual_chapter.html", context)


@public
@require_safe
def whole(request: HttpRequest, reader: str) -> HttpResponse:
    """Is what a reader searches with the browser, or prints."""
    found = next((one for one in Reader if one.value == reader), None)
    if found is None:
        raise Http404(f"the manual is not written for {reader}")
    return render(request, "portal/manual_whole.html", {"reader": found, "chapters": chapters_for(found)})
