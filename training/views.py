"""Shows the page on which a person sees records of continuing education."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import person_required
from accounts.access.requests import person_of
from administration.parameters.book import ParameterBook
from common.dates import today
from common.web.paging import paginate

from .selectors import history_of
from .terms import terms_of_person


@person_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    page = paginate(history_of(person.id_number_index), order=("-ends_on", "-id"), cursor=request.GET.get("cursor"))
    needed = ParameterBook.load().integer("training_hours_per_term", today())
    context = {"terms": terms_of_person(person.pk, today=today()), "page": page, "needed": needed}
    return render(request, "training/mine.html", context)
