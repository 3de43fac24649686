"""请假代办: members of an office record when they are away and who acts for them; heads do so for everybody of the office."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.findings import Finding, Refused
from common.web.methods import require_POST
from workflow.request_actor import actor_for
from workflow.selectors.team import absences_of, find_absence
from workflow.services.absences import end_absence, record_absence

from .queue import DESK_DUTIES
from .team_form import AbsenceForm

WHO = (*DESK_DUTIES, Duty.HEAD)


@staff_required(WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    heads = Duty.HEAD in actor.duties
    form = AbsenceForm(request.POST if request.method == "POST" else None, actor=actor, heads=heads)
    refusals: list[Finding] = []
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            absence = record_absence(
                user=form.person("user"),
                deputy=form.person("deputy"),
                starts_on=values["starts_on"],
                ends_on=values["ends_on"],
                reason=values["reason"],
                actor=actor,
            )
        except Refused as refused:
            refusals = list(refused.findings)
        else:
            messages.success(request, f"已登记：{absence.user.name}请假，由{absence.deputy.name}代办。")
            return redirect("workflow:absences")
    context = {
        "absences": absences_of(actor.office_id),
        "form": form,
        "refusals": refusals,
        "heads": heads,
        "own_id": actor.user_id,
    }
    return render(request, "workflow/absences.html", context, status=409 if refusals else 400 if form.errors else 200)


@staff_required(WHO)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    absence = find_absence(actor, pk)
    if absence is None:
        raise Http404("没有这次请假")
    try:
        end_absence(absence.pk, actor=actor)
    except Refused as refused:
        messages.error(request, "；".join(f"{one.message}。{one.detail}" for one in refused.findings))
    else:
        messages.success(request, f"{absence.user.name}的请假已结束，{absence.deputy.name}不再代办。")
    return redirect("workflow:absences")
