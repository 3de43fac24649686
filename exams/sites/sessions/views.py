"""Shows the pages on which an office plans the sessions of a batch."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from accounts.enums import Duty
from common.findings import Finding, Refused
from common.forms import said_at_fields
from common.web.methods import require_POST
from exams.models import ExamBatch, ExamSession
from exams.selectors import batch_to_record
from workflow.request_actor import actor_for

from .forms import SessionForm
from .selectors import session_of, usable_rooms
from .services import change_session, create_session, remove_session

PLANNERS = (Duty.DECIDE, Duty.ORGANISE)


@staff_required(PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    batch = batch_to_record(actor, pk)
    rooms = usable_rooms(batch)
    form = SessionForm(posted(request), batch=batch, rooms=rooms, initial={"day": batch.exam_from})
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            made = create_session(pk, form.plan(), by=actor)
        except Refused as refused:
            refusals = said_at_fields(form, refused.findings)
        else:
            messages.success(request, f"{made}已安排。")
            return redirect("exams:batch", pk=pk)
    return _page(request, batch, None, form, refusals)


@staff_required(PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def session_change(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    actor = actor_for(request)
    batch = batch_to_record(actor, pk)
    found = session_of(batch, session)
    rooms = usable_rooms(batch, found)
    initial = SessionForm.values_of(found)
    form = SessionForm(posted(request), batch=batch, rooms=rooms, initial=initial, is_change=True)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            change_session(session, form.plan(), by=actor, reason=form.cleaned_data.get("reason", ""))
        except Refused as refused:
            refusals = said_at_fields(form, refused.findings)
        else:
            messages.success(request, f"{found}已修改。")
            return redirect("exams:batch", pk=pk)
    return _page(request, batch, found, form, refusals)


def _page(
    request: HttpRequest,
    batch: ExamBatch,
    session: ExamSession | None,
    form: SessionForm,
    refusals: tuple[Finding, ...] = (),
) -> HttpResponse:
    context = {"batch": batch, "session": session, "form": form, "rooms": form.in_rooms(), "refusals": refusals}
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "exams/session_form.html", context, status=status)


@staff_required(PLANNERS)
@require_POST
def session_remove(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    actor = actor_for(request)
    found = session_of(batch_to_record(actor, pk), session)
    try:
        remove_session(session, by=actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{found}已删除，房间可以另作安排。")
    return redirect("exams:batch", pk=pk)
