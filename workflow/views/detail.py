"""Shows one application to every party: progress, record, content, evidence, and what can be done now."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import signed_in_required
from accounts.enums import Sphere
from accounts.models import User
from administration.models import Office
from common.files.uploads import FileType
from common.findings import Refused
from common.printing.qr import svg_path
from common.web.downloads import file_to_save
from common.web.ids import id_of
from common.web.methods import require_POST
from workflow.permissions import holds, is_filer, why_not, why_not_urged
from workflow.request_actor import actor_for
from workflow.selectors.consequences import withdrawal_words
from workflow.selectors.events import last_event_id
from workflow.selectors.outcomes import outcome_of
from workflow.selectors.progress import progress_of
from workflow.services import acting, urging

from ..actors import Actor
from ..business import business_of
from ..enums import OFFICE_DESKS, Action, Desk, Party, Status
from ..models import Application, Attachment
from ..originals import step_of
from ..selectors.content import find_attachment
from ..selectors.readable import find_gone
from .content import content_context
from .loading import ACTING, load_visible
from .refusals import where_now


@signed_in_required(*ACTING)
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_for(request)
    if gone := find_gone(actor, number):
        messages.warning(request, where_now(gone))
        return redirect("workflow:office")
    application = load_visible(actor, number)
    if application.status == Status.DRAFT and is_filer(actor, application):
        return redirect("workflow:edit", number=number)
    return render(request, "workflow/detail.html", _context(application, actor))


@signed_in_required(*ACTING)
@require_safe
def print_view(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_for(request)
    return render(request, "workflow/print.html", _context(load_visible(actor, number), actor))


def _context(application: Application, actor: Actor) -> dict[str, Any]:
    step = step_of(application)
    return {
        **content_context(application, actor),
        "progress": progress_of(application, actor),
        "outcome": outcome_of(application, actor),
        "may_withdraw": why_not(actor, Action.WITHDRAW, application, today=localdate()) is None,
        "may_urge": why_not_urged(actor, application) is None,
        "turn": _turn_of(actor, application),
        "appointment": (place := _appointment(application)),
        "code": code_of(application.number) if place else None,
        "bring": [original.material for original in step.originals] if place and step is not None else [],
    }


def code_of(number: str) -> dict[str, object]:
    """The QR code of the slip holds the number of the case alone: the window's scanner types it into the search."""
    path, side = svg_path(number)
    return {"path": path, "side": side}


def _appointment(application: Application) -> Office | None:
    """Answers the office to which the applicant has to bring originals now; None where nobody waits for them."""
    step = step_of(application)
    waiting = application.status == Status.IN_REVIEW and step is not None and bool(step.originals)
    # A desk that answers a question has seen the originals.
    return application.holder_office if waiting and not application.asked_from else None


def _turn_of(actor: Actor, application: Application) -> str:
    """Names what the viewer can do now: edit, review, phone or decide; "" when it is not their turn."""
    if not holds(actor, application):
        return ""
    if application.desk == Desk.FILER:
        return "edit"
    if application.desk in OFFICE_DESKS:
        return "review"
    step = business_of(application.kind).step_at(application.desk)
    return "phone" if step is not None and step.second_verification else "decide"


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_for(request)
    application = load_visible(actor, number)
    sentence = why_not(actor, Action.WITHDRAW, application, today=localdate())
    if sentence is None and request.method == "POST":
        try:
            acting.act(application.pk, action=Action.WITHDRAW, actor=actor, seen=id_of(request.POST.get("seen", "")))
        except Refused as refused:
            sentence = "；".join(
                f"{one.message}。{one.detail}" if one.detail else one.message for one in refused.findings
            )
        else:
            messages.success(request, f"{number} 已撤回。需要时可以重新申请。")
            return redirect("workflow:detail", number=number)
    if sentence is not None:
        messages.error(request, sentence)
        return redirect("workflow:detail", number=number)
    business = business_of(application.kind)
    facts = [
        ("业务", business.title),
        ("办件编号", number),
        ("提交时间", application.first_submitted_at),
        *withdrawal_words(application),
    ]
    context = {
        "application": application,
        "business": business,
        "facts": facts,
        "fields": {"seen": last_event_id(application)},
    }
    return render(request, "workflow/withdraw.html", context)


@signed_in_required(Sphere.PERSON, Sphere.OPERATOR)
@require_POST
def urge(request: HttpRequest, number: str) -> HttpResponse:
    """催办."""
    actor = actor_for(request)
    application = load_visible(actor, number)
    try:
        urging.urge(application.pk, actor=actor)
    except Refused as refused:
        messages.info(request, "。".join(filter(None, [refused.findings[0].message, refused.findings[0].detail])))
    else:
        messages.success(request, "已提醒对方尽快办理。同一环节每天可以催办一次。")
    return redirect("workflow:detail", number=number)


@signed_in_required(*ACTING)
@require_safe
def attachment(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Serves a file to save, never a page; offices also see what was taken back after a review."""
    actor = actor_for(request)
    application = load_visible(actor, number)
    found = find_attachment(application, pk, removed=actor.party == Party.OFFICE)
    if found is None:
        raise Http404("没有这份材料")
    if actor.party != Party.PERSON and isinstance(request.user, User):
        audit.record("attachment.view", by=request.user, about=found, detail={"number": number}, request=request)
    return file_to_save(found.file, name=_file_name(found), content_type=found.content_type)


def _file_name(found: Attachment) -> str:
    """Pictures are written anew as JPEG, so the name says what the file is now."""
    try:
        extension = FileType(found.content_type).extension
    except ValueError:
        extension = "bin"
    return f"{PurePath(found.original_name).stem or '材料'}.{extension}"
