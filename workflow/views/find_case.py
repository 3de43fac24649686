"""Finds the case of the person at the counter: by ID number, certificate, a scanned code, or any words."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import audit
from accounts.lookups.services import find_person
from accounts.models import User

from ..actors import Actor
from ..enums import Desk
from ..selectors.finding_cases import LONGEST, case_number_in, id_number_in, person_meant
from ..selectors.lists import rows_of
from ..selectors.readable import cases_of_person, find_readable

NOBODY = "没有找到您可以查看的办件。请核对号码；也可以用姓名查找。"


def find_case(request: HttpRequest, actor: Actor, desk: Desk) -> HttpResponse:
    """The search is posted, so that an ID number stands in no address. What is no number narrows the queue."""
    words = request.POST["find"].strip()[:LONGEST]
    queue = reverse("workflow:queue", args=[desk])
    if number := case_number_in(words):
        if find_readable(actor, number) is not None:
            return redirect("workflow:review", number)
        return _nobody(request, queue)
    person_id = _person(request, words)
    if person_id is None:
        if id_number_in(words):
            return _nobody(request, queue)
        kept = request.GET.copy()
        kept["q"] = words[:100]
        kept.pop("cursor", None)
        return redirect(f"{queue}?{kept.urlencode()}")
    found = cases_of_person(actor, person_id)
    if not found:
        return _nobody(request, queue)
    if len(found) == 1:
        return redirect("workflow:review", found[0].number)
    context = {"desk": desk, "rows": rows_of(found, actor), "name": found[0].person.name if found[0].person else ""}
    return render(request, "workflow/found.html", context)


def _person(request: HttpRequest, words: str) -> int | None:
    number = id_number_in(words)
    if not number:
        return person_meant(words)
    person = find_person(request, number)
    if person is None:
        return None
    user = request.user if isinstance(request.user, User) else None
    audit.record("find_person", by=user, about=person, request=request)
    return person.pk


def _nobody(request: HttpRequest, queue: str) -> HttpResponse:
    messages.info(request, NOBODY)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{queue}{query}")
