"""Shows the phone pages, the only ones on which a step with a second verification is accepted or declined."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import person_required, verified_required
from common.findings import Finding, Refused, blocking
from common.web.ids import id_of
from workflow.permissions import holds, what_waits, why_not
from workflow.request_actor import actor_for, phone_actor
from workflow.selectors.content import Judged
from workflow.selectors.lists import QUEUE_ORDER, inbox
from workflow.services import acting

from ..actors import Actor
from ..business import business_of
from ..enums import Action, Desk
from ..forms import ReasonForm
from ..models import Application
from .content import content_context, page_of_rows
from .inbox import needs_phone
from .loading import load_visible
from .refusals import told_by

CHOICES = {"accept": Action.APPROVE, "decline": Action.REJECT}


@person_required
@require_safe
def mobile_inbox(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    page, rows = page_of_rows(request, inbox(actor), actor, order=QUEUE_ORDER)
    return render(request, "workflow/mobile/inbox.html", {"page": page, "rows": rows})


@person_required
@require_safe
def mobile_detail(request: HttpRequest, number: str) -> HttpResponse:
    actor = phone_actor(request)
    application = load_visible(actor, number)
    waits = holds(actor, application) and application.desk == Desk.PERSON
    business = business_of(application.kind)
    judged = Judged(application)
    findings = what_waits(actor, business, back=request.path) + judged.findings if waits else []
    context = {
        **content_context(application, actor, judged),
        "waits": waits,
        "findings": findings,
        "blockers": blocking(findings),
        "is_verified": actor.is_verified,
        "needs_verification": needs_phone(application),
    }
    return render(request, "workflow/mobile/detail.html", context)


@verified_required
@require_http_methods(["GET", "HEAD", "POST"])
def mobile_decide(request: HttpRequest, number: str, choice: str) -> HttpResponse:
    """Asks once more after 同意 or 拒绝 was pressed; declining asks for the reason."""
    if choice not in CHOICES:
        raise Http404
    action, actor = CHOICES[choice], phone_actor(request)
    application = load_visible(actor, number)
    if sentence := why_not(actor, action, application, today=localdate()):
        messages.error(request, sentence if application.is_open else told_by(application))
        return redirect("workflow:mobile_detail", number=number)
    form = ReasonForm(request.POST or None) if action == Action.REJECT else None
    if request.method == "POST" and (form is None or form.is_valid()):
        comment = form.cleaned_data["comment"] if form else ""
        refused = _decide(application, action, actor, comment, _seen(request))
        if not refused:
            messages.success(request, _done_words(application, action))
            return redirect("workflow:mobile_detail", number=number)
        if any(finding.code == "workflow.changed" for finding in refused):
            # The question shows only a summary: the whole content has to be read again.
            messages.error(request, "；".join(f"{finding.message}：{finding.detail}" for finding in refused))
            return redirect("workflow:mobile_detail", number=number)
        return _question(request, application, actor, choice, form, refused=refused, status=409)
    status = 400 if request.method == "POST" else 200
    return _question(request, application, actor, choice, form, status=status)


def _seen(request: HttpRequest) -> int | None:
    """The last event of the page with the whole content, or of the question where somebody came straight to it."""
    return id_of(request.GET.get("seen", "")) or id_of(request.POST.get("seen", ""))


def _decide(application: Application, action: Action, actor: Actor, comment: str, seen: int | None) -> list[Finding]:
    try:
        acting.act(
            application.pk,
            action=action,
            actor=actor,
            comment=comment,
            detail={"second_verification": actor.is_verified},
            seen=seen,
        )
    except Refused as refused:
        return list(refused.findings)
    return []


def _done_words(application: Application, action: Action) -> str:
    title = business_of(application.kind).title
    return f"已同意，{title}已办理。" if action == Action.APPROVE else f"已拒绝，{title}不再办理。"


def _question(
    request: HttpRequest,
    application: Application,
    actor: Actor,
    choice: str,
    form: ReasonForm | None,
    *,
    refused: list[Finding] | None = None,
    status: int,
) -> HttpResponse:
    context = {
        **content_context(application, actor),
        "choice": choice,
        "form": form,
        "refusals": refused or [],
    }
    return render(request, "workflow/mobile/decide.html", context, status=status)
