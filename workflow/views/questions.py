"""Pages by which a reviewer asks the desk before, and by which that desk answers."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from common.findings import Finding, Refused
from workflow.permissions import why_not
from workflow.request_actor import actor_for
from workflow.selectors.events import last_event_id
from workflow.selectors.lists import own_queue
from workflow.selectors.questions import desk_before, open_question
from workflow.services.questions import answer_question, ask_desk_before

from ..enums import Action, Desk
from ..services.case_use import reserve_first
from .loading import load_visible
from .queue import DESK_DUTIES
from .refusals import told_by
from .team_form import WordsForm


@staff_required(DESK_DUTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, number, Action.ASK, ask_desk_before)


@staff_required(DESK_DUTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, number, Action.ANSWER, answer_question)


def _page(request: HttpRequest, number: str, action: Action, send: Callable[..., None]) -> HttpResponse:
    actor = actor_for(request)
    application = load_visible(actor, number)
    form = WordsForm(request.POST if request.method == "POST" else None)
    form.fields["comment"].label = "要核实的内容" if action == Action.ASK else "核实的结果"
    refusals: list[Finding] = []
    sentence = why_not(actor, action, application, today=localdate())
    if request.method == "POST" and form.is_valid():
        desk = application.desk
        try:
            send(application.pk, actor=actor, words=form.cleaned_data["comment"], seen=form.cleaned_data["seen"])
        except Refused as refused:
            late = [Finding("workflow.conflict", told_by(application))] if sentence else []
            refusals = [*late, *refused.findings]
        else:
            done = "已请上一环节核实，答复后回到您这里" if action == Action.ASK else "已答复，退回提出核实的环节"
            messages.success(request, f"{application.number} {done}。")
            following = reserve_first(own_queue(actor, desk), actor, desk)
            return redirect("workflow:review", following) if following else redirect("workflow:queue", desk=desk)
    elif sentence:
        return redirect("workflow:review", number=application.number)
    before, question = desk_before(application), open_question(application)
    context = {
        "application": application,
        "form": form,
        "refusals": refusals,
        "seen": last_event_id(application),
        "is_answer": action == Action.ANSWER,
        "before": Desk(before.desk).label if before else "",
        "before_office": before.acting_for if before else "",
        "question": question,
        "asker": Desk(application.asked_from).label if question else "",
    }
    status = 409 if refusals else 400 if form.errors else 200
    return render(request, "workflow/question.html", context, status=status)
