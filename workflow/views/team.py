"""分办: the head of an office sees who has which case, and gives cases to a colleague or another office."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.findings import Finding, Refused
from common.web.methods import require_POST
from common.web.paging import capped_count
from workflow.permissions import may_take_over, why_not_hand_over
from workflow.request_actor import actor_for
from workflow.selectors.bulk import consequences
from workflow.selectors.events import changes_since, last_event_id
from workflow.selectors.lists import QUEUE_ORDER, rows_of
from workflow.selectors.readable import readable_ids, with_parties
from workflow.selectors.team import cases_to_hand_over, team_of
from workflow.services.acting import changed_finding
from workflow.services.bulk import act_in_bulk
from workflow.services.handing_over import Receiver, Stops, hand_over, take_over

from ..actors import Actor
from ..enums import OFFICE_DESKS, Action
from ..forms import states_of
from .bulk import outcome_rows
from .content import page_of_rows
from .loading import load_visible
from .queue import DESK_DUTIES
from .team_form import HandingForm, TeamFilters, WordsForm, handing_form

TITLES = {Action.ASSIGN: "分办", Action.REROUTE: "转办", Action.RELEASE: "取消承办人"}


@staff_required(Duty.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    form = handing_form(request, actor) if request.method == "POST" else HandingForm(None, actor=actor)
    if request.method == "POST" and form.is_valid():
        return _answer(request, actor, form)
    filters = TeamFilters(request.GET, actor=actor, people=form.people, offices=form.offices)
    queryset = filters.narrowed(cases_to_hand_over(actor))
    desks = [Q(desk=desk) for desk in sorted(OFFICE_DESKS)]
    page, rows = page_of_rows(request, queryset, actor, order=QUEUE_ORDER, branches=filters.branches or desks)
    total, more = capped_count(queryset)
    context: dict[str, Any] = {
        "members": team_of(actor, form.people),
        "filters": filters,
        "page": page,
        "rows": rows,
        "form": form,
        "picked": set(form.picked),
        "attempt": uuid4(),
        "total_text": f"共 {total}{' 件以上' if more else ' 件'}",
    }
    return render(request, "workflow/team.html", context, status=400 if form.is_bound else 200)


def _answer(request: HttpRequest, actor: Actor, form: HandingForm) -> HttpResponse:
    readable = readable_ids(actor, form.picked)
    # Ids of others' applications are not even told to exist.
    picked = [pk for pk in form.picked if pk in readable]
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    back_url = f"{reverse('workflow:team')}{query}"
    if not form.cleaned_data["confirmed"]:
        return _question(request, actor, form, picked, back_url)
    reason = form.cleaned_data["comment"]
    done = act_in_bulk(
        form.cleaned_data["attempt"] or uuid4(),
        picked,
        do=partial(hand_over, to=form.receiver, actor=actor, reason=reason, seen=form.seen),
        actor=actor,
        gone={},
        title=_title(form.receiver),
        back_url=back_url,
    )
    if done is None:
        raise PermissionDenied("这一批办理不是您提交的。请返回列表重新勾选。")
    return redirect("workflow:bulk_result", done.pk)


def _title(to: Receiver) -> str:
    whom = to.colleague.name if to.colleague else to.office.name if to.office else ""
    return f"{TITLES[to.action]}{'给' if whom else ''}{whom}"[:40]


def _question(request: HttpRequest, actor: Actor, form: HandingForm, picked: list[int], back_url: str) -> HttpResponse:
    applications, stops = with_parties(picked), Stops(form.receiver, actor)
    stopped = {one.pk: [finding] for one in applications if (finding := stops.finding(one))}
    changes = changes_since({pk: event for pk, event in form.seen.items() if pk in picked})
    stopped |= {pk: [changed_finding(event)] for pk, event in changes.items()}
    rows = rows_of(applications, actor)
    going = [row for row in rows if row.application.pk not in stopped]
    then = f"{_title(form.receiver)}，办理期限不变"
    values = form.cleaned_data
    context = {
        "title": _title(form.receiver),
        "tone": "primary",
        "consequences": consequences((row.application for row in going), lambda application: then),
        "going": going,
        "staying": outcome_rows([row for row in rows if row.application.pk in stopped], stopped, (), actor),
        "action": values["action"],
        "comment": values["comment"],
        "fields": {"colleague": values["colleague"], "office": values["office"]},
        "attempt": values["attempt"] or uuid4(),
        "back_url": back_url,
    }
    return render(request, "workflow/bulk_question.html", context)


@staff_required(Duty.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_one(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_for(request)
    application = load_visible(actor, number)
    refusals: list[Finding] = []
    if sentence := why_not_hand_over(actor, application, to_office=True):
        refusals = [Finding("handing.not_now", sentence)]
    picked = [str(application.pk)]
    form = handing_form(request, actor, picked=picked) if request.method == "POST" else HandingForm(None, actor=actor)
    if form.is_valid() and not refusals:
        result = hand_over(
            [application.pk],
            to=form.receiver,
            actor=actor,
            reason=form.cleaned_data["comment"],
            seen=form.seen,
        )
        if not result.refused:
            messages.success(request, f"{number} 已{_title(form.receiver)}。")
            return redirect("workflow:team")
        refusals = result.refused[application.pk]
    seen = last_event_id(application)
    context = {"application": application, "form": form, "refusals": refusals, "seen": seen}
    status = 409 if refusals and request.method == "POST" else 400 if form.errors else 200
    return render(request, "workflow/hand_over.html", context, status=status)


@staff_required(DESK_DUTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def take_over_one(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_for(request)
    application = load_visible(actor, number)
    form = WordsForm(request.POST if request.method == "POST" else None)
    form.fields["comment"].label = "接手的原因"
    refusals: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        try:
            take_over(application.pk, actor=actor, reason=form.cleaned_data["comment"], seen=form.cleaned_data["seen"])
        except Refused as refused:
            refusals = list(refused.findings)
        else:
            messages.success(request, f"{number} 现在由您承办。")
            return redirect("workflow:review", number=number)
    elif not may_take_over(actor, application):
        return redirect("workflow:review", number=number)
    seen = last_event_id(application)
    context = {"application": application, "form": form, "refusals": refusals, "seen": seen}
    status = 409 if refusals else 400 if form.errors else 200
    return render(request, "workflow/take_over.html", context, status=status)


@staff_required((*DESK_DUTIES, Duty.HEAD))
@require_POST
def release_one(request: HttpRequest, number: str) -> HttpResponse:
    """Gives a case back to everybody of the desk; the assignee may, and the head."""
    actor = actor_for(request)
    application = load_visible(actor, number)
    result = hand_over(
        [application.pk], to=Receiver(), actor=actor, reason="交回科室", seen=states_of(request.POST.getlist("seen"))
    )
    if result.refused:
        said = "；".join(f"{one.message}{one.detail}" for one in result.refused[application.pk])
        messages.error(request, said)
    else:
        messages.success(request, f"{number} 已交回科室，任何有这一职责的同事都可以办理。")
    return redirect("workflow:detail", number=number)
