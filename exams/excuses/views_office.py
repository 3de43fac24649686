"""Shows whoever records the results which proofs of absences wait, and decides on one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.enums import Duty
from common.files.uploads import FileType
from common.findings import Finding, Refused
from common.web.downloads import file_to_save
from common.web.paging import capped_count, paginate
from exams.enums import ExcuseState
from exams.results.selectors import history_of
from workflow.request_actor import actor_for

from .forms import DecisionForm
from .selectors import excuses_of, readable_excuse, waiting_excuses
from .services import decide_excuse

DUTIES = (Duty.ORGANISE, Duty.DECIDE)


@staff_required(DUTIES)
@require_safe
def excuses(request: HttpRequest) -> HttpResponse:
    """Lists the longest waiting first."""
    found = waiting_excuses(actor_for(request))
    page = paginate(found, order=("id",), cursor=request.GET.get("cursor"))
    total, more = capped_count(found)
    context = {"page": page, "rows": page.items, "total_text": f"共 {total} 份{'以上' if more else ''}"}
    return render(request, "exams/excuses.html", context)


@staff_required(DUTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    found = readable_excuse(actor, pk)
    form = DecisionForm(posted(request))
    refusals: Sequence[Finding] = ()
    if form.is_valid():
        values = form.cleaned_data
        try:
            done = decide_excuse(
                excuse_id=pk, is_accepted=values["decision"] == "accept", comment=values["comment"], by=actor
            )
        except Refused as refused:
            refusals, found = refused.findings, readable_excuse(actor, pk)
        else:
            messages.success(
                request, f"{found.entry.person.name}的缺考证明：{done.get_state_display()}。本人和企业会收到消息。"
            )
            return redirect("exams:excuses")
    context = {
        "excuse": found,
        "form": form,
        "refusals": refusals,
        "is_waiting": found.state == ExcuseState.WAITING,
        "others": [one for one in excuses_of(found.entry) if one.pk != found.pk],
        "events": history_of(found.entry),
    }
    return render(request, "exams/excuse.html", context, status=409 if refusals else 400 if form.is_bound else 200)


@staff_required(DUTIES)
@require_safe
def excuse_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It is noted who opens the file, since it may speak of an illness."""
    found = readable_excuse(actor_for(request), pk)
    audit.record("exam_excuse.view", by=user_of(request), about=found, request=request)
    name = f"{PurePath(found.original_name).stem or '缺考证明'}.{FileType(found.content_type).extension}"
    return file_to_save(found.file, name=name, content_type=found.content_type)
