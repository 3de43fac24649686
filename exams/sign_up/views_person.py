"""Shows the page on which a person sees entries, results and bars."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.decorators import person_required
from accounts.access.requests import person_of
from common.web.paging import paginate
from exams.enums import TONES, EntryState
from exams.selectors import being_issued, entries_of_person
from workflow.enums import BarScope
from workflow.selectors.bars import bars_of_person


@person_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    page = paginate(entries_of_person(person.pk), order=("-id",), cursor=request.GET.get("cursor"))
    busy = being_issued(page.items)
    context = {
        "bars": [one for one in bars_of_person(person.pk) if one.code == f"bar.{BarScope.EXAM}"],
        "page": page,
        "rows": [
            {
                "entry": entry,
                "tone": TONES[EntryState(entry.state)],
                "may_file": entry.state == EntryState.PASSED and entry.certificate_id is None and entry.pk not in busy,
                "is_busy": entry.pk in busy,
            }
            for entry in page.items
        ],
    }
    return render(request, "exams/mine.html", context)
