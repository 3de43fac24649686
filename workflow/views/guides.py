"""Shows public guides, which follow from the declarations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.access.decorators import public
from administration.parameters.book import ParameterBook

from ..business import Business, businesses
from ..selectors.answers import answers_of
from ..selectors.guides import guide_of
from ..selectors.help_search import search
from ..topics import TOPICS, Topic
from .answers_form import SearchForm
from .loading import address_of, business_or_404


@public
@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    sections: dict[str, list[Business | Topic]] = {}
    for one in [*businesses(), *TOPICS]:
        sections.setdefault(one.section, []).append(one)
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "sections": list(sections.items()),
        "search": form,
        "wanted": wanted,
        "hits": search(wanted, on=localdate()) if wanted else [],
        "questions": answers_of(""),
    }
    return render(request, "workflow/guides.html", context, status=400 if form.errors else 200)


@public
@require_safe
def guide(request: HttpRequest, kind: str) -> HttpResponse:
    if (topic := TOPICS.get(kind)) is not None:
        said = topic.guide(ParameterBook.load(), localdate())
        questions = answers_of(kind)
        return render(request, "workflow/topic.html", {"topic": topic, "guide": said, "questions": questions})
    business = business_or_404(kind)
    parameters, today = ParameterBook.load(), localdate()
    context = {
        "business": business,
        "guide": guide_of(business, parameters, today),
        "supplement": parameters.integer("supplement_days", today),
        "start_url": address_of(business),
        "questions": answers_of(kind),
    }
    return render(request, "workflow/guide.html", context)
