"""Shows the page on which a person sees entries, results and bars."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import person_required
from accounts.access.requests import person_of
from common.findings import Refused
from common.web.paging import paginate
from exams.enums import APPEALABLE, TONES, EntryState
from exams.permissions import why_not_withdraw
from exams.selectors import being_issued, entries_of_person, entry_of_person, live_seats
from workflow.enums import BarScope
from workflow.request_actor import actor_for
from workflow.selectors.bars import bars_of_person

from .leaving import left_entries
from .services import withdraw_entry
from .views import withdrawing


@person_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    page = paginate(entries_of_person(person.pk), order=("-id",), cursor=request.GET.get("cursor"))
    busy, left = being_issued(page.items), left_entries(page.items)
    seats = live_seats(entry.pk for entry in page.items)
    actor, today, now = actor_for(request), localdate(), utc_now()
    due = {one.pk for one in page.items if one.state == EntryState.PASSED and one.certificate_id is None}
    coming = {pk for pk, seat in seats.items() if seat.ends_at > now}
    context = {
        "bars": [one for one in bars_of_person(person.pk) if one.code == f"bar.{BarScope.EXAM}"],
        "page": page,
        "rows": [
            {
                "entry": entry,
                "seat": seats.get(entry.pk),
                "is_coming": entry.pk in coming,
                "tone": TONES[EntryState(entry.state)],
                "is_due": entry.pk in due and entry.application_id is None,
                "may_file": entry.pk in due and entry.application_id is not None and entry.pk not in busy,
                "is_busy": entry.pk in busy,
                "may_appeal": entry.state in APPEALABLE,
                "may_excuse": entry.may_be_excused and entry.pk not in coming,
                "may_withdraw": why_not_withdraw(actor, entry, today=today, has_left=entry.pk in left) is None,
            }
            for entry in page.items
        ],
    }
    return render(request, "exams/mine.html", context)


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and says what follows."""
    entry, actor = entry_of_person(person_of(request).pk, pk), actor_for(request)
    if request.method != "POST":
        refusal = why_not_withdraw(actor, entry, today=localdate(), has_left=bool(left_entries([entry])))
        back = reverse("exams:mine")
        return render(request, "exams/withdraw.html", withdrawing(entry, refusal=refusal, back=back, again=AGAIN))
    try:
        withdraw_entry(entry.pk, actor=actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已取消{entry.batch.name}的报名，名额已退回；现单位可以为您重新报名。")
    return redirect("exams:mine")


AGAIN = "名额当时退回，不算缺考，不影响以后报名。报名截止前还有名额的，现单位可以为您重新报名。原报名企业会收到消息。"
