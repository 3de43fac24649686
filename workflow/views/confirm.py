"""三类证书业务确认: shows what an enterprise, or a person on the web, has to agree to."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import operator_required, signed_in_required
from accounts.access.rights import Right, post_needs
from accounts.enums import Sphere
from common.findings import Finding, Refused
from workflow.permissions import why_not
from workflow.request_actor import actor_for
from workflow.selectors.consequences import refusal_words
from workflow.selectors.content import Judged
from workflow.selectors.lists import QUEUE_ORDER
from workflow.selectors.lists import confirmations as waiting_confirmations
from workflow.selectors.progress import progress_of
from workflow.services import acting

from ..actors import Actor
from ..business import business_of, businesses
from ..enums import ENTERPRISE_DESKS, Action, Desk, Party
from ..forms import AnswerForm, QueueFilters, RefusalForm
from ..models import Application
from .bulk import answer, bulk_form
from .content import content_context, page_of_rows
from .inbox import needs_phone
from .loading import load_visible
from .refusals import for_reader, too_late_or


@operator_required
@post_needs(Right.CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def confirmations(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    # Only agreeing is done in bulk: a refusal needs a reason of its own for everybody.
    bulk = bulk_form(request, action=Action.APPROVE.value) if request.method == "POST" else None
    if bulk is not None and bulk.is_valid():
        return answer(request, actor, Action.APPROVE, bulk, back="workflow:confirmations")
    kinds = [one for one in businesses() if any(step.desk in ENTERPRISE_DESKS for step in one.steps)]
    filters = QueueFilters(request.GET, kinds=kinds)
    queryset = filters.narrowed(waiting_confirmations(actor))
    desks = [Q(desk=desk) for desk in sorted(ENTERPRISE_DESKS)]
    page, rows = page_of_rows(request, queryset, actor, order=QUEUE_ORDER, branches=filters.branches or desks)
    context = {
        "filters": filters,
        "page": page,
        "rows": rows,
        "bulk": bulk,
        "is_filtered": filters.has_changed(),
        "bulk_actions": [{"value": Action.APPROVE.value, "label": "批量同意", "tone": "primary"}],
        "picked": set(bulk.picked) if bulk else set(),
        "attempt": uuid4(),
    }
    return render(request, "workflow/confirmations.html", context, status=400 if bulk else 200)


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@post_needs(Right.CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_for(request)
    application = load_visible(actor, number)
    if request.method != "POST":
        return _page(request, application, actor)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, application, actor, form=form, status=400)
    action, values = Action(form.cleaned_data["action"]), form.cleaned_data
    is_unsure = action == Action.REJECT and "sure" not in request.POST
    # Whoever may not refuse any more is told by the act itself.
    if is_unsure and why_not(actor, action, application, today=localdate()) is None:
        return _question(request, application, values)
    try:
        acting.act(application.pk, action=action, actor=actor, comment=values["comment"], seen=values["seen"])
    except Refused as refused:
        fresh = load_visible(actor, number)
        return _page(request, fresh, actor, refusals=too_late_or(refused, fresh, actor), status=409)
    words = "已同意" if action == Action.APPROVE else "已拒绝"
    messages.success(request, f"{words}：{business_of(application.kind).title} {number}")
    return redirect("workflow:confirmations" if actor.party == Party.ENTERPRISE else "workflow:inbox")


def _question(request: HttpRequest, application: Application, values: dict[str, Any]) -> HttpResponse:
    """Says what follows from a refusal; what was typed goes on with the question."""
    fields = {"action": Action.REJECT.value, "seen": values["seen"] or "", "sure": "on"}
    context = {
        "application": application,
        "business": business_of(application.kind),
        "facts": refusal_words(application),
        "form": RefusalForm(initial={"comment": values["comment"]}),
        "fields": fields,
    }
    return render(request, "workflow/refuse.html", context)


def _page(
    request: HttpRequest,
    application: Application,
    actor: Actor,
    *,
    form: AnswerForm | None = None,
    refusals: list[Finding] | None = None,
    status: int = 200,
) -> HttpResponse:
    sentence = why_not(actor, Action.APPROVE, application, today=localdate())
    judged = Judged(application)
    context = {
        **content_context(application, actor, judged),
        "findings": for_reader(judged.findings, actor) if application.is_open else [],
        "progress": progress_of(application, actor),
        "form": form,
        "sentence": sentence,
        "on_phone": application.desk == Desk.PERSON and needs_phone(application),
        "refusals": refusals or [],
        "comment": request.POST.get("comment", ""),
    }
    return render(request, "workflow/confirm.html", context, status=status)
