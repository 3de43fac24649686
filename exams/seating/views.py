"""Shows the organiser's page on which rooms are seen and seats are assigned."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.findings import Finding, Refused
from common.web.methods import require_POST
from exams.enums import Paper
from exams.models import ExamBatch
from exams.permissions import why_not_seat
from exams.selectors import batch_to_record
from workflow.actors import Actor
from workflow.request_actor import actor_for
from workflow.views.refusals import for_reader

from .selectors import rooms_with_seats, waiting_by_category
from .services import assign_seats

ORGANISERS = (Duty.ORGANISE, Duty.DECIDE)


@staff_required(ORGANISERS)
@require_safe
def seats(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    return _page(request, batch_to_record(actor, pk), actor)


@staff_required(ORGANISERS)
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """People who got no seat are told on the page; those who got one keep it."""
    actor = actor_for(request)
    batch = batch_to_record(actor, pk)
    try:
        done = assign_seats(batch.pk, by=actor)
    except Refused as refused:
        return _page(request, batch, actor, refused.findings, status=409)
    if done.seats:
        messages.success(request, f"{len(done.seats)} 人的座位已编排，本人和企业会收到消息。")
    elif not done.findings:
        messages.info(request, "审核通过的人员都已有座位，没有需要编排的。")
    if done.findings:
        return _page(request, batch, actor, done.findings, status=409)
    return redirect("exams:seats", pk=pk)


def _page(
    request: HttpRequest, batch: ExamBatch, actor: Actor, findings: Sequence[Finding] = (), *, status: int = 200
) -> HttpResponse:
    rooms, waiting = list(rooms_with_seats(batch)), waiting_by_category(batch)
    context = {
        "batch": batch,
        "rooms": rooms,
        "papers": Paper.choices,
        "seated": sum(room.seated for room in rooms),  # type: ignore[attr-defined]
        "places": sum(room.seats for room in rooms),
        "waiting": waiting,
        "lacking": sum(people for _, people in waiting),
        "may_assign": why_not_seat(actor, batch) is None,
        "findings": for_reader(findings, actor),
    }
    return render(request, "exams/seats.html", context, status=status)
