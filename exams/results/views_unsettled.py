"""Shows the organiser what is not settled after an exam."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from administration.parameters.book import ParameterBook
from exams.results.selectors import excuses_to_decide, unconfirmed_files, unsettled_batches
from workflow.request_actor import actor_for

FILES = 20


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_safe
def unsettled(request: HttpRequest) -> HttpResponse:
    actor, today = actor_for(request), localdate()
    batches = unsettled_batches(actor, today)
    context = {
        "batches": batches,
        "waiting": sum(one.waiting for one in batches),
        "files": list(unconfirmed_files(actor)[:FILES]) if Duty.ORGANISE in actor.duties else [],
        "excuses": excuses_to_decide(actor).count(),
        "days": ParameterBook.load().integer("exam_result_days", today),
        "may_upload": Duty.ORGANISE in actor.duties,
    }
    return render(request, "exams/unsettled.html", context)
